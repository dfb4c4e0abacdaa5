import { MillraceError } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { finishReasonOf } from './finish-reasons.ts';

describe('the reason for which an answer ended', () => {
  it.each([
    ['stop', 'stop'],
    ['end_turn', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content_filter'],
    ['function_call', 'tool_calls'],
  ])('%s is %s', (said, reason) => expect(finishReasonOf(said)).toBe(reason));

  it.each(['error', 'abort', 'toString', 'x'.repeat(1_000)])('is not known to be whole after %s', (said) => {
    expect(() => finishReasonOf(said)).toThrow(MillraceError);
  });
});
