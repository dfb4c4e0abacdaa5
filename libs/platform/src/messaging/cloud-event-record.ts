import { isJsonType, isObject, MillraceError } from '@millrace/contracts';
import type { LogRecord } from '@millrace/ports';
import { readJson } from './read-json.ts';

type Headers = ReadonlyMap<string, string>;

const attributePrefix = 'ce_';
const eventFormat = 'application/cloudevents';
const batchFormat = 'application/cloudevents-batch';

/**
 * The CloudEvent in a record, not yet held to any schema (Kafka protocol binding 1.0): structured when the header
 * `content-type` says so, or when there is neither such a header nor an attribute; binary otherwise. Throws
 * `invalid_event`.
 */
export function cloudEventIn({ headers, value }: Pick<LogRecord, 'headers' | 'value'>): unknown {
  const named = new Map(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]));
  const contentType = named.get('content-type')?.trim().toLowerCase();
  if (contentType?.startsWith(batchFormat)) throw refusal('a record holds one event: send no batch');
  if (contentType?.startsWith(eventFormat)) return structured(value, contentType);
  const hasAttributes = [...named.keys()].some((name) => name.startsWith(attributePrefix));
  return contentType === undefined && !hasAttributes ? structured(value) : binary(named, value);
}

function structured(value: Uint8Array, contentType = `${eventFormat}+json`): unknown {
  if (!isJsonType(contentType)) throw refusal('of the formats of CloudEvents, only JSON is read');
  if (value.byteLength === 0)
    throw refusal('the value is empty: to delete a document, send an event of that type');
  const event = readJson(value);
  if (Array.isArray(event)) throw refusal('a record holds one event: send no batch');
  if (!isObject(event)) throw refusal('the value is no JSON object');
  return event;
}

/** Attributes are headers, data is the value as it is. */
function binary(headers: Headers, value: Uint8Array): Record<string, unknown> {
  const contentType = headers.get('content-type');
  const attributes = [...headers].flatMap(([name, text]) =>
    name.startsWith(attributePrefix) ? [[name.slice(attributePrefix.length), text] as const] : [],
  );
  return {
    ...Object.fromEntries(attributes),
    ...(contentType !== undefined && { datacontenttype: contentType }),
    ...dataIn(value, contentType),
  };
}

function dataIn(value: Uint8Array, contentType: string | undefined): Record<string, unknown> {
  if (value.byteLength === 0) return {};
  return isJsonType(contentType)
    ? { data: readJson(value) }
    : { data_base64: Buffer.from(value).toString('base64') };
}

const refusal = (detail: string): MillraceError => new MillraceError('invalid_event', { detail });
