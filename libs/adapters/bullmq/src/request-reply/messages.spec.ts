import { MillraceError, type ErrorCode } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { fromErrorMessage, toErrorMessage } from './messages.ts';

describe('an error that crosses', () => {
  it('keeps its code and particulars, and leaves its cause behind', () => {
    const sent = new MillraceError('input_too_long', { detail: 'text 3', param: 'a', cause: new Error('x') });
    const message = JSON.stringify(toErrorMessage(sent));
    expect(message).not.toContain('cause');
    const received = fromErrorMessage(JSON.parse(message) as ReturnType<typeof toErrorMessage>);
    expect(received).toMatchObject({ code: 'input_too_long', param: 'a', message: sent.message });
  });

  it('is internal when a newer version sent a code that this one does not know', () => {
    expect(fromErrorMessage({ code: 'from_the_future' as ErrorCode }).code).toBe('internal');
  });
});
