import type { errorAnswer } from '@millrace/contracts';
import type { z } from 'zod';
import { ApiError, CliError, ConnectionError, goneOnTheWay, UnreadableFile } from '../errors.ts';

type ErrorBody = Partial<z.infer<typeof errorAnswer>['error']>;

const readError = (body: unknown): ErrorBody | undefined =>
  typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'object'
    ? (body.error ?? undefined)
    : undefined;

/** What a person has to do besides what the server says. */
const advice: Record<number, string> = {
  401: 'Give a key with --key or MILLRACE_KEY.',
  403: 'Use a key that may: millrace keys create --help.',
};

/** An answer that is not a success, or a frame that ends a stream, as an error to print. */
export function apiError(status: number, body: unknown, retryAfter?: number): CliError {
  const error = readError(body);
  if (typeof error?.message !== 'string' || typeof error.code !== 'string')
    return new CliError(`The server answered with status ${status}, and not as Millrace does. Check --url.`);
  const parts = [
    error.message,
    error.param && `Field: ${error.param}.`,
    error.code === 'unauthenticated' || error.code === 'forbidden' ? advice[status] : undefined,
    status >= 500 && error.request_id && `Request id: ${error.request_id}.`,
  ];
  return new ApiError(
    status,
    error.code,
    parts.filter(Boolean).join(' '),
    retryAfter ?? error.retry_after ?? undefined,
  );
}

/** What `fetch` threw, in words. Aborts pass through unchanged. */
export function connectionError(thrown: unknown, url: string): unknown {
  if (isUnreadable(thrown) || (thrown instanceof Error && isUnreadable(thrown.cause)))
    return new UnreadableFile(goneOnTheWay);
  if (!(thrown instanceof TypeError)) return thrown;
  const code = systemCode(thrown);
  if (code === 'ECONNREFUSED')
    return new ConnectionError(
      `Nothing answers at ${url}. Start it with npm start, or name another server with --url or MILLRACE_URL.`,
    );
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new ConnectionError(`The name in ${url} is not known here. Check --url or MILLRACE_URL.`);
  const cause = code ?? (thrown.cause instanceof Error ? thrown.cause.message : thrown.message);
  return new ConnectionError(
    `The connection to ${url} broke (${cause}). Is the server running? Then try again.`,
  );
}

/** Of a blob whose file is another than when it was opened. */
const isUnreadable = (error: unknown): boolean => error instanceof Error && error.name === 'NotReadableError';

function systemCode(error: Error): string | undefined {
  const { cause } = error;
  if (!(cause instanceof Error)) return undefined;
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  // One attempt for each address of the name.
  const [first] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [];
  return first instanceof Error && 'code' in first ? String(first.code) : undefined;
}
