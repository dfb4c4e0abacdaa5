import { ApiError, ConnectionError } from '../errors.ts';

/** A 503 with one of these needs a person before a retry makes sense. */
const needAPerson = new Set(['models_missing', 'model_too_large', 'storage_full']);

const firstWaitMs = 500;
const longestWaitMs = 30_000;

/**
 * Milliseconds to wait before the next attempt, or undefined when there is no point in one.
 * @param attempt counts from 1
 * @param safe whether the request may be sent again after a connection that broke
 */
export function retryWait(error: unknown, attempt: number, safe: boolean): number | undefined {
  if (error instanceof ConnectionError) return safe ? backoff(attempt) : undefined;
  if (!(error instanceof ApiError) || needAPerson.has(error.code)) return undefined;
  if (error.status !== 429 && error.status !== 503) return undefined;
  return error.retryAfter === undefined
    ? backoff(attempt)
    : Math.min(error.retryAfter * 1000, longestWaitMs) + jitter(firstWaitMs);
}

const jitter = (span: number): number => Math.random() * span;
const backoff = (attempt: number): number =>
  Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs) * (0.5 + jitter(0.5));

/** Seconds in a `Retry-After` header, which holds seconds or a date. */
export function readRetryAfter(header: string | null, now = Date.now()): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}
