import type { BackEnd } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { AnswerRecord } from './answer-record.ts';

const backEnd = (name: string): BackEnd =>
  ({ name, weight: 1, price: { prompt: 1, completion: 1 } }) as BackEnd;

describe('the record of an answer that two were asked for', () => {
  const record = (): AnswerRecord => {
    const made = new AnswerRecord('default', 'r-1', { tier: 'default', waitedMs: 0 });
    made.promptChars = 400;
    return made;
  };

  it('names who answered, and counts the prompt of who was outrun', () => {
    const answer = record();
    const first = answer.connecting(backEnd('slow'));
    first.connected();
    const second = answer.connecting(backEnd('quick'));
    second.connected();
    first.outrun();
    second.chosen();
    first.failed('cancelled');
    answer.released();
    answer.ended('stop', { promptTokens: 90, completionTokens: 10, estimated: false });
    expect(answer.toEvent()).toMatchObject({
      ...{ backend: 'quick', outcome: 'complete', phase: 'streaming' },
      attempts: [{ backend: 'slow', outrun: true }, { backend: 'quick' }],
      usage: { promptTokens: 190, completionTokens: 10, estimated: true },
    });
  });

  it('names the first where it was the quicker one after all', () => {
    const answer = record();
    const first = answer.connecting(backEnd('slow'));
    const second = answer.connecting(backEnd('quick'));
    first.connected();
    second.outrun();
    first.chosen();
    second.connected();
    answer.released();
    answer.ended('stop', { promptTokens: 90, completionTokens: 10, estimated: false });
    expect(answer.toEvent()).toMatchObject({
      backend: 'slow',
      attempts: [{ backend: 'slow' }, { backend: 'quick', outrun: true }],
    });
  });
});
