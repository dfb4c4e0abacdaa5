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

  it('leaves errors of the table as they are', () => {
    const error = new MillraceError('shutting_down');
    expect(unavailable(error)).toBe(error);
  });
});
