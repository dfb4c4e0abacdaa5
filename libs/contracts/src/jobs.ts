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
  /** Whose turn it is: groups take turns inside the pool. */
  readonly group: (data: z.infer<S>) => string;
  /** Estimate of what a run takes, by which turns are shared out; 1 for something small, and when absent. */
  readonly cost?: (data: z.infer<S>) => number;
  /** Not before this long after the event; at once when absent. */
  readonly delayMs?: number;
  /** A run longer than this is aborted and counts as a failed attempt. */
  readonly timeoutMs: number;
  /** Attempts in all before the job is a dead letter. Neither outages nor deaths of the worker count as one. */
  readonly attempts: number;
  readonly backoff: { readonly firstMs: number; readonly maxMs: number };
  /** Jobs one replica runs at a time; half as many again of groups that have none running there. */
  readonly concurrency: number;
}
/** A job that takes more is taken for one of this. */
export const maxJobCost = 1_000;

export type JobData<J extends JobSpec> = z.infer<J['on']['schema']>;

/** No tenant is called so: back-fill has one turn, and each tenant's changes have theirs. */
const fillGroup = '';
const fillOrTenant = ({ tenant, fill }: { tenant: string; fill?: boolean | undefined }): string =>
  fill ? fillGroup : tenant;

const versionId = (data: { tenant: string; document: string; version: number }): string =>
  `${data.tenant}/${data.document}@${data.version}`;

const tenantOf = ({ tenant }: { tenant: string }): string => tenant;
/** So many units of work count as one more. */
const per =
  (unit: number) =>
  (amount = 0): number =>
    Math.min(maxJobCost, 1 + Math.floor(amount / unit));
const byBytes = per(65_536);
const byChunks = per(8);

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
    group: tenantOf,
    cost: ({ bytes }) => byBytes(bytes),
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
    group: tenantOf,
    cost: ({ bytes }) => byBytes(bytes),
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
    group: tenantOf,
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
    group: tenantOf,
    cost: ({ chunks }) => byChunks(chunks),
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
    group: tenantOf,
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
    group: tenantOf,
    cost: ({ chunks }) => byChunks(chunks),
    timeoutMs: 180_000,
    attempts: 8,
    backoff,
    concurrency: 4,
  }),
  embedAgain: job({
    name: 'embed-again',
    service: 'embedding',
    summary: 'Make the vectors of another model for a version that can be searched already.',
    on: events.vectorsWanted,
    id: (wanted) => `${versionId(wanted)}/${wanted.model}`,
    group: fillOrTenant,
    cost: ({ chunks }) => byChunks(chunks),
    timeoutMs: 900_000,
    attempts: 8,
    backoff,
    // One after the other, so that the share of the time is that of the process.
    concurrency: 1,
  }),
  indexAgain: job({
    name: 'index-again',
    service: 'indexing',
    summary: 'Write a version into the index of another model.',
    on: events.vectorsMade,
    id: (made) => `${versionId(made)}/${made.model}`,
    group: fillOrTenant,
    cost: ({ chunks }) => byChunks(chunks),
    timeoutMs: 180_000,
    attempts: 8,
    backoff,
    concurrency: 2,
  }),
  dropIndex: job({
    name: 'drop-index',
    service: 'indexing',
    summary: 'Take away the index of a model that is kept up to date no more, once nobody asks it any more.',
    on: events.modelRetired,
    id: ({ name, at }) => `${name}/${at}`,
    group: () => '',
    delayMs: 10_000,
    timeoutMs: 180_000,
    attempts: 8,
    backoff,
    concurrency: 1,
  }),
  removeDocument: job({
    name: 'remove-document',
    service: 'indexing',
    summary: 'Take a withdrawn document out of the index and leave a tombstone.',
    on: events.documentWithdrawn,
    id: versionId,
    group: tenantOf,
    timeoutMs: 180_000,
    attempts: 8,
    backoff,
    concurrency: 4,
  }),
} satisfies Record<string, JobSpec>;
