import {
  complaint,
  MillraceError,
  type AnyEventSpec,
  type EventData,
  type EventSpec,
} from '@millrace/contracts';
import type { LogRecord, NewRecord } from '@millrace/ports';
import { v7 as uuid } from 'uuid';
import { traceHeaders } from '../telemetry/tracing.ts';
import { cloudEventIn } from './cloud-event-record.ts';
import { readJson } from './read-json.ts';

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

/**
 * What the record says by its entry in the table: bare data, or a whole CloudEvent. `invalid_event` when it cannot be
 * read or does not fit the schema.
 */
export function decodeEvent<E extends AnyEventSpec>(spec: E, record: LogRecord): EventData<E> {
  const read = spec.carries === 'cloud-event' ? cloudEventIn(record) : readJson(record.value);
  const parsed = spec.schema.safeParse(read);
  if (parsed.success) return parsed.data as EventData<E>;
  throw new MillraceError('invalid_event', complaint(parsed.error));
}
