import { MillraceError } from '@millrace/contracts';

/**
 * What a failed command means to the caller. Only the message of Redis goes along: the errors of its client carry
 * the arguments of the command, which are documents, and of AUTH, which is the password.
 */
export function unavailable(error: unknown): MillraceError {
  if (error instanceof MillraceError || isOurs(error)) return MillraceError.from(error);
  return new MillraceError('dependency_unavailable', { detail: `Redis: ${reason(refusal(error))}` });
}

/** Of a connection that was waited for in vain. */
export const notConnected = (): MillraceError => unavailable(new Error('not connected'));

/** What was given cannot be sent, as JSON or at all: no fault of Redis. */
const isOurs = (error: unknown): boolean =>
  [TypeError, RangeError, SyntaxError, URIError].some((kind) => error instanceof kind);

/** Redis answered, but refused; whatever else fails is the connection. */
const isRefusal = (error: unknown): boolean => error instanceof Error && error.name === 'ReplyError';

/** A transaction that was not carried out carries the reason along. */
const refusal = (error: unknown): unknown =>
  (error as { previousErrors?: readonly unknown[] } | undefined)?.previousErrors?.[0] ?? error;

const reasons: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^OOM/, 'its memory is full'],
  [/^MISCONF/, 'it cannot write to its disk'],
  [/^READONLY/, 'it is a replica'],
  [/^(NOAUTH|WRONGPASS|NOPERM)/, 'user or password is refused'],
  [/^LOADING/, 'it is loading its data'],
  [/timed out/, 'no answer in time'],
];

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const known = reasons.find(([pattern]) => pattern.test(message))?.[1];
  if (known) return known;
  // Its first word is a code; what follows may quote the command.
  return isRefusal(error) ? `it answers ${message.split(' ', 1)[0]}` : 'not connected';
}
