import { MillraceError } from '@millrace/contracts';

/**
 * What a failed command means to the caller. Only the message of Redis goes along: the errors of its client carry
 * the arguments of the command, which are documents, and of AUTH, which is the password.
 */
export function unavailable(error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const message = error instanceof Error ? error.message : 'unknown failure';
  return new MillraceError('dependency_unavailable', { detail: `Redis: ${reason(message)}` });
}

const reasons: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^OOM/, 'its memory is full'],
  [/^MISCONF/, 'it cannot write to its disk'],
  [/^READONLY/, 'it is a replica'],
  [/^(NOAUTH|WRONGPASS|NOPERM)/, 'user or password is refused'],
  [/^LOADING/, 'it is loading its data'],
  [/timed out/, 'no answer in time'],
];

const reason = (message: string): string =>
  reasons.find(([pattern]) => pattern.test(message))?.[1] ?? 'not connected';
