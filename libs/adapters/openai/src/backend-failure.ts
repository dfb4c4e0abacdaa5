import { MillraceError } from '@millrace/contracts';
import type { IncomingHttpHeaders } from 'node:http';
import { languageModel, type BackendKind } from './backend-kind.ts';

const maxMessage = 300;
const busy = new Set([408, 502, 503, 504]);
const refusals = new Set<unknown>([400, 404, 413, 422]);
/** Of these, those that speak of fields of the request. */
const mendable = new Set([400, 422]);
const closed = new Set([401, 403]);

/** Whether this status of an answer says that the question is at fault: sent again it would be refused again. */
export const isRefusal = (status: unknown): status is number => refusals.has(status);

/**
 * An answer other than 2xx. What the server said about it may name accounts, hosts and files of the operator: it is the
 * cause, for the log, and no part of what callers are told.
 */
export function statusFailure(
  kind: BackendKind,
  status: number,
  headers: IncomingHttpHeaders,
  message: string,
): MillraceError {
  const retryAfter = retrySeconds(headers['retry-after']);
  const cause = said(message);
  if (status === 429)
    return new MillraceError('queue_full', { detail: `${kind.name}, 429`, retryAfter, cause });
  const detail = closed.has(status)
    ? `it answers ${status}: the operator should check ${kind.keySetting}`
    : `it answers ${status}`;
  return new MillraceError(busy.has(status) ? kind.unavailable : kind.error, {
    ...{ detail, retryAfter, cause },
  });
}

/** What is wrong with the question; told in the server's words where they are about what the caller sent. */
export function refusalFailure(kind: BackendKind, status: number, message: string): MillraceError {
  if (mendable.has(status) && message)
    return new MillraceError(kind.refused, { detail: `${status}: ${shorten(message)}` });
  return new MillraceError(kind.refused, { detail: `it answers ${status}`, cause: said(message) });
}

/** An error in the stream, which may give itself a status. */
export const eventFailure = (status: unknown, message: string): MillraceError =>
  isRefusal(status)
    ? refusalFailure(languageModel, status, message)
    : new MillraceError('backend_error', { detail: 'its stream reports an error', cause: said(message) });

/** A 200 with anything but a stream. */
export const unstreamedFailure = (
  kind: BackendKind,
  contentType: string | undefined,
  message: string,
): MillraceError =>
  new MillraceError(kind.error, {
    detail: `it did not stream, but sent ${contentType ?? 'no content type'}`,
    cause: said(message),
  });

const said = (message: string): Error | undefined =>
  message ? new Error(`the back end says: ${shorten(message)}`) : undefined;

/** The message in an error body of any of the usual shapes: `{error:{message}}`, `{error}`, `{message}`, `{detail}`, text. */
export function messageIn(body: unknown): string {
  if (typeof body === 'string') return body;
  if (typeof body !== 'object' || body === null) return '';
  const { error, message, detail } = body as Record<string, unknown>;
  return messageIn(error) || messageIn(message) || messageIn(detail);
}

const shorten = (message: string): string => {
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length > maxMessage ? `${line.slice(0, maxMessage)}…` : line;
};

/** Seconds, from `Retry-After`'s seconds or date. */
function retrySeconds(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
