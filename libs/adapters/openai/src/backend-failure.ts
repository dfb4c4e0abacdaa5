import { MillraceError } from '@millrace/contracts';
import type { IncomingHttpHeaders } from 'node:http';

const maxMessage = 300;
const busy = new Set([408, 502, 503, 504]);
const refusals = new Set<unknown>([400, 404, 413, 422]);

/** Whether this status of an answer says that the question is at fault: sent again it would be refused again. */
export const isRefusal = (status: unknown): boolean => refusals.has(status);

/** An answer other than 2xx, with what the server said about it. */
export function statusFailure(status: number, headers: IncomingHttpHeaders, message: string): MillraceError {
  const retryAfter = retrySeconds(headers['retry-after']);
  const detail = `${status}${message && `: ${shorten(message)}`}`;
  if (status === 429)
    return new MillraceError('queue_full', { detail: `language model back end, ${detail}`, retryAfter });
  return new MillraceError(busy.has(status) ? 'backend_unavailable' : 'backend_error', {
    detail,
    retryAfter,
  });
}

/** The message in an error body of any of the usual shapes: `{error:{message}}`, `{error}`, `{message}`, `{detail}`, text. */
export function messageIn(body: unknown): string {
  if (typeof body === 'string') return body;
  if (typeof body !== 'object' || body === null) return '';
  const { error, message, detail } = body as Record<string, unknown>;
  return messageIn(error) || messageIn(message) || messageIn(detail);
}

export const shorten = (message: string): string => {
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length > maxMessage ? `${line.slice(0, maxMessage)}…` : line;
};

/** Seconds, from `Retry-After`'s seconds or date. */
function retrySeconds(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
