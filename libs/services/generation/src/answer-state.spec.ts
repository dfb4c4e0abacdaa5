import { describe, expect, it } from 'vitest';
import { AnswerState } from './answer-state.ts';

describe('AnswerState', () => {
  it('goes from question to end', () => {
    const state = new AnswerState();
    for (const phase of ['waiting', 'telling', 'complete'] as const) state.enter(phase);
    expect(state.isOver).toBe(true);
  });

  it('ends once', () => {
    const state = new AnswerState();
    state.enter('cancelled');
    expect(() => state.enter('failed')).toThrow('an answer cancelled cannot be failed');
  });

  it('is not complete before the back end was asked', () => {
    expect(() => new AnswerState().enter('complete')).toThrow();
  });
});
