import { createHash } from 'node:crypto';
import type { DocumentState } from '@millrace/contracts';
import type { AcceptedVersion, LogPlace, PushedEvent } from '@millrace/ports';
import type { DocumentRecord } from './document-record.ts';

/** How many events of a document are known; see `PushedEvent`. */
const known = 32;

/**
 * A key and a request, each as the beginning of a digest: short to keep, and no content. Then what was answered, which
 * entries of before do not have.
 */
type Entry = readonly [key: string, request: string, version?: number, state?: DocumentState];
type Answer = Pick<AcceptedVersion, 'version' | 'state'>;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
const entryOf = ({ key, requestHash }: PushedEvent) => [digest(key), digest(requestHash)] as const;
const entriesOf = ({ row }: DocumentRecord): Entry[] => JSON.parse(row.events_json ?? '[]') as Entry[];

/** The answer to an event that was carried out before; undefined to one that was not. */
export function answerAgain(
  record: DocumentRecord,
  event: PushedEvent | undefined,
): AcceptedVersion | 'idempotency-conflict' | undefined {
  if (!event) return undefined;
  const [key, request] = entryOf(event);
  const found = entriesOf(record).find(([other]) => other === key);
  if (!found) return undefined;
  const [, sameRequest, version = record.row.version, state = record.row.state] = found;
  if (sameRequest !== request) return 'idempotency-conflict';
  return { document: record.row.document, version, state, outcome: 'repeated' };
}

export function remember(
  record: DocumentRecord,
  event: PushedEvent | undefined,
  { version, state }: Answer,
): void {
  if (!event) return;
  const entry: Entry = [...entryOf(event), version, state];
  const entries = [...entriesOf(record), entry].slice(-known);
  record.changeDocument({ events_json: JSON.stringify(entries) });
  moveOn(record, event);
}

/** True of a record that the document has gone past: it comes again. */
export function comesAgain({ row }: DocumentRecord, event: PushedEvent | undefined): boolean {
  const place = placeOf(event);
  const furthest = furthestOf(row);
  return (
    place?.partition === furthest?.partition &&
    place !== undefined &&
    furthest !== undefined &&
    place.offset <= furthest.offset &&
    place.timestamp <= furthest.timestamp
  );
}

/** The document has come to the event's place in the log. False where it was unknown how far it had come before. */
export function moveOn(record: DocumentRecord, event: PushedEvent | undefined): boolean {
  const place = placeOf(event);
  if (!place) return false;
  const furthest = furthestOf(record.row);
  // Senders' clocks differ, and what was once passed has to stay so.
  const isBehind = furthest?.partition === place.partition && furthest.offset < place.offset;
  const timestamp = isBehind ? Math.max(furthest.timestamp, place.timestamp) : place.timestamp;
  record.changeDocument({ place_json: JSON.stringify({ ...place, timestamp }) });
  return furthest !== undefined;
}

/** A replay has its place by its time. */
const placeOf = (event: PushedEvent | undefined): LogPlace | undefined =>
  event?.givenUpAt === undefined ? event?.place : undefined;

const furthestOf = ({ place_json: json }: DocumentRecord['row']): LogPlace | undefined =>
  json === null ? undefined : (JSON.parse(json) as LogPlace);
