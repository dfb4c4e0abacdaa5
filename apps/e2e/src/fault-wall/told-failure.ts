import type { ClientView } from '@millrace/testing';

/** The body of an error answer, or the last frame of a stream that broke off. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly retry_after?: number };
}

export type ToldEnd = Pick<ClientView, 'end' | 'message' | 'retryAfter'>;

export const isError = (told: unknown): told is ErrorBody =>
  typeof told === 'object' && told !== null && 'error' in told && told.error !== null;

export const failureIn = ({ error: { code, message, retry_after } }: ErrorBody): ToldEnd => ({
  ...{ end: code, message },
  ...(retry_after !== undefined && { retryAfter: retry_after }),
});

/** One sign of an end, or all that say how it ends, as they stand there. */
export function endOf(
  signs: readonly (string | ErrorBody)[],
  isWhole: (more: readonly unknown[]) => boolean,
): ToldEnd {
  const [first, ...more] = signs;
  if (isError(first) && more.length === 0) return failureIn(first);
  if (typeof first === 'string' && isWhole(more)) return { end: first };
  return { end: signs.map((sign) => (typeof sign === 'string' ? sign : sign.error.code)).join(', ') };
}
