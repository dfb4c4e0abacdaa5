import type { NewRecord } from '@millrace/ports';

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const structuredType = 'application/cloudevents+json';

const types = { upsert: 'millrace.document.upsert.v1', delete: 'millrace.document.delete.v1' } as const;
let ids = 0;

/** A CloudEvent about a document, with an id of its own. */
export const anEvent = (kind: keyof typeof types, more: object = {}): Record<string, unknown> => ({
  specversion: '1.0',
  id: `event-${++ids}`,
  source: '/test',
  type: types[kind],
  ...more,
});

/** A record of `documents.v1` that holds the whole event. */
export const structured = (
  document: string,
  event: object,
  headers: Record<string, string> = { 'content-type': structuredType },
): NewRecord => ({
  topic: 'documents.v1',
  key: `default/${document}`,
  value: utf8(JSON.stringify(event)),
  headers,
});

/** A record of `documents.v1` that has the attributes in its headers and the data as its value. */
export function binary(document: string, event: Record<string, unknown>): NewRecord {
  const { data, ...attributes } = event;
  const headers = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)]);
  return {
    topic: 'documents.v1',
    key: `default/${document}`,
    value: utf8(data === undefined ? '' : JSON.stringify(data)),
    headers: { 'content-type': 'application/json', ...(Object.fromEntries(headers) as object) },
  };
}
