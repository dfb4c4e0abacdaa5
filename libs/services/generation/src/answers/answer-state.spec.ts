import { describe, expect, it } from 'vitest';
import { AnswerState } from './answer-state.ts';

describe('AnswerState', () => {
  it('goes from question to end', () => {
    const state = new AnswerState();
    for (const phase of ['connecting', 'awaiting_first_token', 'streaming', 'complete'] as const)
      state.enter(phase);
    expect(state.isOver).toBe(true);
  });

  it('ends once', () => {
    const state = new AnswerState();
    state.enter('cancelled');
    expect(() => state.enter('failed')).toThrow('an answer cancelled cannot be failed');
  });

  it('may come to another back end until something was said, and not after it', () => {
    const state = new AnswerState();
    for (const phase of ['connecting', 'connecting', 'awaiting_first_token', 'connecting'] as const)
      state.enter(phase);
    state.enter('awaiting_first_token');
    state.enter('streaming');
    expect(() => state.enter('connecting')).toThrow('an answer streaming cannot be connecting');
  });

  it('is not complete before the back end was asked', () => {
    expect(() => new AnswerState().enter('complete')).toThrow();
  });
});
