import type { Job as BullJob, JobsOptions } from 'bullmq';
import type { Job, Lane, NewJob } from '@millrace/ports';
import { unset } from './turn-scripts.ts';

/** What Redis keeps of a job beside BullMQ's own fields; its name is the lane, and of a bulk job `bulk/GROUP`. */
export interface StoredJob {
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** BullMQ runs jobs without priority before those with one. */
const priorities: Readonly<Record<Lane, number>> = { interactive: 0, bulk: unset };

/** BullMQ refuses ":" in names. Other names stay as they are. */
export const bullName = (queue: string): string => encodeURIComponent(queue);

/** BullMQ refuses ":" and whole numbers as ids. */
export const bullId = (id: string): string => `~${encodeURIComponent(id)}`;

export const ownId = (id: string): string => decodeURIComponent(id.slice(1));

export function encodeJob(
  { id, data, headers = {}, lane = 'bulk', delayMs = 0, group = '' }: NewJob,
  now: number,
): { name: string; data: StoredJob; options: JobsOptions } {
  const delay = Math.max(0, Math.round(delayMs));
  return {
    name: lane === 'bulk' && group !== '' ? `bulk/${group}` : lane,
    data: { data, headers },
    options: { jobId: bullId(id), priority: priorities[lane], delay, timestamp: now },
  };
}

/** That of a bulk job; empty for those without one. */
export const groupOf = ({ name }: Pick<BullJob, 'name'>): string =>
  name.startsWith('bulk/') ? name.slice('bulk/'.length) : '';

export const decodeJob = (job: BullJob<StoredJob>): Job => ({
  id: ownId(job.id!),
  data: job.data.data,
  lane: job.name === 'interactive' ? 'interactive' : 'bulk',
  headers: job.data.headers,
  attempt: 1 + job.attemptsMade,
  deaths: job.stalledCounter,
  run: job.attemptsStarted,
  enqueuedAt: job.timestamp,
});
