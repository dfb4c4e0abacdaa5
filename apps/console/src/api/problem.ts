import type { errorAnswer } from '@millrace/contracts';
import type { z } from 'zod';

type ErrorBody = z.infer<typeof errorAnswer>['error'];

/** Beside the server's own codes. */
export const keyRefused = 'key_refused';

/** What went wrong, in the words of the server where it has any. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    message: string,
    readonly code?: string,
    /** Seconds until a retry makes sense. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** The server's words are the same whether no key or a wrong one came. */
const refusedKey = 'The server refused this key: it is mistyped, or it was revoked.';

const longKey = 'This key is too long to be one. Copy it once more from where it was made.';

/**
 * An answer that is not a success, or a frame that ends a stream.
 * @param keyGiven whether the request had a key
 */
export function problemOf(body: unknown, status?: number, keyGiven = false): Problem {
  if (status === 431 && keyGiven) return new Problem(longKey, keyRefused);
  const error = isErrorAnswer(body) ? body.error : undefined;
  if (!error)
    return new Problem(`The server answered with status ${status ?? 'unknown'}, without saying why.`);
  if (error.code === 'unauthenticated' && keyGiven) return new Problem(refusedKey, keyRefused);
  return new Problem(error.message, error.code, error.retry_after);
}

export const unreachable = (): Problem =>
  new Problem('The server cannot be reached. Is it running? Then try again.', 'unreachable');

/** The sentence to show for any thrown value. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something went wrong in the console. Reload the page.';

export const isErrorAnswer = (body: unknown): body is { error: ErrorBody } =>
  typeof body === 'object' &&
  body !== null &&
  'error' in body &&
  typeof body.error === 'object' &&
  body.error !== null &&
  'message' in body.error &&
  typeof body.error.message === 'string';
