import { events, logSegmentHours, topics, type ErasureReceipt, type EventData } from '@millrace/contracts';

export interface Removed {
  readonly versions: number;
  readonly deadLetters: number;
  readonly blobs: number;
  readonly cached: number;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  readonly completedAt: number;
}

const hourMs = 3_600_000;
const longestHours = Math.max(...topics().map(({ retentionHours }) => retentionHours));
const after = (from: number, hours: number): string =>
  new Date(from + (hours + logSegmentHours) * hourMs).toISOString();

/** What an erasure removed, and where; and what a log, which only time empties, still holds. */
export const receiptOf = (
  { document, version, chunks }: EventData<typeof events.documentDeleted>,
  { versions, deadLetters, blobs, cached, requestedAt, completedAt }: Removed,
): ErasureReceipt => ({
  id: document,
  version,
  requested_at: new Date(requestedAt).toISOString(),
  completed_at: new Date(completedAt).toISOString(),
  removed: [
    { store: 'vectors', what: 'chunks with their vectors, terms and text', count: chunks },
    { store: 'blobs', what: 'originals, extracted texts and vectors on their way', count: blobs },
    { store: 'caches', what: 'vectors of its texts, and answers that were made from it', count: cached },
    { store: 'registry', what: 'earlier versions with title and history', count: versions },
    { store: 'dead letters', what: 'messages that could not be handled', count: deadLetters },
  ],
  retained: [
    {
      store: `${events.documents.name} and its dead letters`,
      what: 'the text and title that an event brought itself, if one did',
      until: after(requestedAt, events.documents.retentionHours),
    },
    {
      store: 'events and jobs',
      what: 'ids and references, no content',
      until: after(completedAt, longestHours),
    },
    {
      store: 'files of the databases',
      what: 'what was deleted, until they write over it: within a minute or so in one process, by their own rules on engines',
    },
  ],
});
