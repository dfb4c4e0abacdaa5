import { MillraceError, type EventData, type EventSpec } from '@millrace/contracts';
import type { LogRecord, NewRecord } from '@millrace/ports';
import { v7 as uuid } from 'uuid';
import { traceHeaders } from '../telemetry/tracing.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** CloudEvents attributes as Kafka headers (CloudEvents 1.0, Kafka protocol binding, binary mode). */
export function eventHeaders(spec: EventSpec, source: string): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: uuid(),
    ce_type: spec.name,
    ce_source: `/millrace/${source}`,
    ce_time: new Date().toISOString(),
    'content-type': 'application/json',
    ...traceHeaders(),
  };
}

export function encodeEvent<E extends EventSpec>(spec: E, data: EventData<E>, source: string): NewRecord {
  const checked = spec.schema.parse(data) as EventData<E>;
  return {
    topic: spec.name,
    key: spec.key(checked),
    value: new TextEncoder().encode(JSON.stringify(checked)),
    headers: eventHeaders(spec, source),
  };
}

/** The record's data; `invalid_event` when it is not JSON in UTF-8 or does not fit the schema. */
export function decodeEvent<E extends EventSpec>(spec: E, record: LogRecord): EventData<E> {
  const parsed = spec.schema.safeParse(parseJson(record.value));
  if (parsed.success) return parsed.data as EventData<E>;
  const issue = parsed.error.issues[0];
  throw new MillraceError('invalid_event', { param: issue?.path.join('.'), detail: issue?.message });
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw new MillraceError('invalid_event', { detail: 'not JSON in UTF-8', cause });
  }
}
