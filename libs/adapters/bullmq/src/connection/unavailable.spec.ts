import { MillraceError } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { unavailable } from './unavailable.ts';

describe('unavailable', () => {
  it('says what is wrong without passing on what the command carried', () => {
    const reply = Object.assign(new Error('OOM command not allowed'), { command: { args: ['secret text'] } });
    const error = unavailable(reply);
    expect(error.code).toBe('dependency_unavailable');
    expect(error.message).toContain('memory is full');
    expect(error.cause).toBeUndefined();
  });

  it('names the code of a refusal it does not know, and nothing after it', () => {
    const reply = Object.assign(new Error('ERR unknown command, with args beginning with: secret'), {
      name: 'ReplyError',
    });
    expect(unavailable(reply).detail).toBe('Redis: it answers ERR');
  });

  it('finds the reason of a transaction that was not carried out', () => {
    const previousErrors = [new Error('OOM command not allowed')];
    const error = unavailable(
      Object.assign(new Error('EXECABORT Transaction discarded'), { previousErrors }),
    );
    expect(error.detail).toBe('Redis: its memory is full');
  });

  it('does not blame Redis for what cannot be sent', () => {
    expect(unavailable(new TypeError('cannot serialize a BigInt')).code).toBe('internal');
  });

  it('leaves errors of the table as they are', () => {
    const error = new MillraceError('shutting_down');
    expect(unavailable(error)).toBe(error);
  });
});
