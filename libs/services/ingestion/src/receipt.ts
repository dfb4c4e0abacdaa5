import type { ErasureReceipt, EventData, events } from '@millrace/contracts';

export interface Removed {
  readonly versions: number;
  readonly deadLetters: number;
  readonly blobs: number;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  readonly completedAt: number;
}

/**
 * What an erasure removed, and where. Retained events are not on the list: they hold ids and references, no content;
 * but for `documents.v1`, whose inline texts go with its retention, as docs/events/README.md tells senders.
 */
export const receiptOf = (
  { document, version, chunks }: EventData<typeof events.documentDeleted>,
  { versions, deadLetters, blobs, requestedAt, completedAt }: Removed,
): ErasureReceipt => ({
  id: document,
  version,
  requested_at: new Date(requestedAt).toISOString(),
  completed_at: new Date(completedAt).toISOString(),
  removed: [
    { store: 'vectors', what: 'chunks with their vectors, terms and text', count: chunks },
    { store: 'blobs', what: 'originals, extracted texts and vectors on their way', count: blobs },
    { store: 'registry', what: 'earlier versions with title and history', count: versions },
    { store: 'dead letters', what: 'messages that could not be handled', count: deadLetters },
  ],
});
