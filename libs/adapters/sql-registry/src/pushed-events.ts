import { createHash } from 'node:crypto';
import type { AcceptedVersion, PushedEvent } from '@millrace/ports';
import type { DocumentRecord } from './document-record.ts';

/** How many events of a document are known; see `PushedEvent`. */
const known = 32;

/** A key and a request, each as the beginning of a digest: short to keep, and no content. */
type Entry = readonly [key: string, request: string];

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
const entryOf = ({ key, requestHash }: PushedEvent): Entry => [digest(key), digest(requestHash)];
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
  if (found[1] !== request) return 'idempotency-conflict';
  const { document, version, state } = record.row;
  return { document, version, state, outcome: 'repeated' };
}

export function remember(record: DocumentRecord, event: PushedEvent | undefined): void {
  if (!event) return;
  const entries = [...entriesOf(record), entryOf(event)].slice(-known);
  record.changeDocument({ events_json: JSON.stringify(entries) });
}
