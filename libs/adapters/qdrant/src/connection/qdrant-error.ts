import { MillraceError, type ErrorCode } from '@millrace/contracts';
import { QdrantClientTimeoutError } from '@qdrant/js-client-rest';

/** The server answered, or a proxy in front of it, that it cannot just now. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);
const missing = 404;
const insufficientStorage = 507;
const longestReason = 200;

/** A failure that may be gone at once: the connection broke, or the server is busy. A time-out is none. */
export function isPassing(thrown: unknown): boolean {
  const status = statusOf(thrown);
  return status === undefined ? isBrokenConnection(thrown) : passing.has(status);
}

export const isMissing = (thrown: unknown): boolean => statusOf(thrown) === missing;
export const isTaken = (thrown: unknown): boolean => statusOf(thrown) === 409;

/**
 * What a thrown value of the client means. Its own errors carry headers, and with them the key, and bodies: only
 * status and reason go on, without what the reason quotes.
 */
export function asMillraceError(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const status = statusOf(thrown);
  const detail = status === undefined ? failureOf(thrown) : `status ${status}${reasonOf(thrown)}`;
  return new MillraceError(codeOf(status, detail), { detail: `Qdrant: ${detail}` });
}

function codeOf(status: number | undefined, detail: string): ErrorCode {
  if (status === insufficientStorage || /no space left|out of disk/i.test(detail)) return 'storage_full';
  // Points and indexes are never asked for by name: what is missing is the collection.
  if (status === missing) return 'index_missing';
  if (status === undefined || status === 401 || status === 403 || passing.has(status))
    return 'dependency_unavailable';
  return 'internal';
}

function failureOf(thrown: unknown): string {
  if (thrown instanceof QdrantClientTimeoutError) return 'no answer in time';
  if (isBrokenConnection(thrown)) return `not connected, ${causeOf(thrown)}`;
  return thrown instanceof Error ? thrown.name : 'unknown failure';
}

/** What `fetch` rejects with, whatever happened to the connection. */
const isBrokenConnection = (thrown: unknown): boolean => thrown instanceof TypeError;

function causeOf(thrown: unknown): string {
  const { cause } = thrown as Error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause';
}

function reasonOf(thrown: unknown): string {
  const { data } = thrown as { data?: { status?: { error?: unknown } } };
  const reason = data?.status?.error;
  if (typeof reason !== 'string') return '';
  return `, ${reason.replace(/"[^"]*"?|`[^`]*`?/g, '…').slice(0, longestReason)}`;
}

/** Of an answer; the client does not export the class of its errors. */
function statusOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ('status' in thrown && typeof thrown.status === 'number') return thrown.status;
  return 'retry_after' in thrown ? 429 : undefined;
}
