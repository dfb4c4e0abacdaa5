import type { z } from 'zod';
import { events, type EventSpec } from './events.ts';

/**
 * Work inside a service's pool, each kind declared once: its queue is its name. An event says what happened;
 * a job says what to do.
 */
export interface JobSpec<S extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly service: 'ingestion' | 'embedding' | 'indexing';
  /** The event that asks for it: consumed by the platform, enqueued once, and where its dead letters are replayed to. */
  readonly on: EventSpec<S>;
  /** Which of these events ask for it: all when absent. */
  readonly when?: (data: z.infer<S>) => boolean;
  /** Same id, same work: enqueueing it again while it is known changes nothing. */
  readonly id: (data: z.infer<S>) => string;
  /** A run longer than this is aborted and counts as a failed attempt. */
  readonly timeoutMs: number;
  /** Attempts in all, crashes of the worker included, before the job is a dead letter. */
  readonly attempts: number;
  readonly backoff: { readonly firstMs: number; readonly maxMs: number };
  /** Jobs one replica runs at a time, by default. */
  readonly concurrency: number;
}
export type JobData<J extends JobSpec> = z.infer<J['on']['schema']>;

const versionId = (data: { tenant: string; document: string; version: number }): string =>
  `${data.tenant}/${data.document}@${data.version}`;

const job = <S extends z.ZodType>(spec: JobSpec<S>): JobSpec<S> => spec;
const isSlow = ({ slow }: { slow?: boolean | undefined }): boolean => slow === true;
const isNew = ({ earlier }: { earlier?: string | undefined }): boolean => earlier === undefined;
const isRevision = (data: { earlier?: string | undefined }): boolean => !isNew(data);
const backoff = { firstMs: 500, maxMs: 60_000 };

export const jobs = {
  parseDocument: job({
    name: 'parse-document',
    service: 'ingestion',
    summary:
      'Extract the text of an accepted version and cut it into chunks. What takes more than seconds is put aside.',
    on: events.documentAccepted,
    when: (accepted) => isNew(accepted) && !isSlow(accepted),
    id: versionId,
    timeoutMs: 180_000,
    attempts: 8,
    backoff,
    concurrency: 4,
  }),
  parseSlowDocument: job({
    name: 'parse-slow-document',
    service: 'ingestion',
    summary: 'The same for what was put aside, one at a time, so that the others need not wait for it.',
    on: events.documentAccepted,
    when: isSlow,
    id: versionId,
    timeoutMs: 180_000,
    attempts: 8,
    backoff,
    concurrency: 1,
  }),
  reviseDocument: job({
    name: 'revise-document',
    service: 'ingestion',
    summary:
      'Take over the text of the version before for one that differs in access list or metadata alone.',
    on: events.documentAccepted,
    when: (accepted) => isRevision(accepted) && !isSlow(accepted),
    id: versionId,
    timeoutMs: 180_000,
    attempts: 8,
    backoff,
    concurrency: 4,
  }),
  embedChunks: job({
    name: 'embed-chunks',
    service: 'embedding',
    summary: 'Make a vector for every chunk of a version.',
    on: events.documentChunked,
    when: isNew,
    id: versionId,
    timeoutMs: 900_000,
    attempts: 8,
    backoff,
    concurrency: 16,
  }),
  carryVectors: job({
    name: 'carry-vectors',
    service: 'embedding',
    summary: 'Take over the vectors of the version before, whose text is the same.',
    on: events.documentChunked,
    when: isRevision,
    id: versionId,
    timeoutMs: 900_000,
    attempts: 8,
    backoff,
    concurrency: 4,
  }),
  indexDocument: job({
    name: 'index-document',
    service: 'indexing',
    summary: 'Write a version beside the live one, switch over, remove the old.',
    on: events.documentEmbedded,
    id: versionId,
    timeoutMs: 180_000,
    attempts: 8,
    backoff,
    concurrency: 4,
  }),
  removeDocument: job({
    name: 'remove-document',
    service: 'indexing',
    summary: 'Take a withdrawn document out of the index and leave a tombstone.',
    on: events.documentWithdrawn,
    id: versionId,
    timeoutMs: 180_000,
    attempts: 8,
    backoff,
    concurrency: 4,
  }),
} satisfies Record<string, JobSpec>;
