import type { IncomingHttpHeaders } from 'node:http';
import { MillraceError } from '@millrace/contracts';

const prefix = 'ce-';

/** Whether a request is a CloudEvent in binary mode: its attributes are headers, its data is the body (HTTP binding 1.0). */
export const isBinaryEvent = (headers: IncomingHttpHeaders): boolean =>
  `${prefix}specversion` in headers || `${prefix}type` in headers;

/** Such an event, put together as in the JSON format. */
export function binaryEvent(headers: IncomingHttpHeaders, data: unknown): Record<string, unknown> {
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), decode(name, String(value))] as const);
  const type = headers['content-type'];
  return { ...Object.fromEntries(attributes), ...(type && { datacontenttype: type }), data };
}

function decode(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new MillraceError('invalid_event', { param: name, detail: 'its percent encoding is broken' });
  }
}
