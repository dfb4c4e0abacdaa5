import type { QueueDepth } from '@millrace/ports';

export const lanes = ['interactive', 'bulk'] as const;

/** A job on its way into the file; `data` and `headers` as JSON text. */
export interface StoredJob {
  readonly id: string;
  /** Index in `lanes`. */
  readonly lane: number;
  readonly data: string;
  readonly headers: string;
  readonly delayMs: number;
  readonly group: string;
  readonly cost: number;
}

export interface ClaimedJob extends Omit<StoredJob, 'delayMs' | 'cost'> {
  /** Names the job from its first enqueue to its end. */
  readonly seq: number;
  readonly attempt: number;
  readonly deaths: number;
  readonly run: number;
  readonly enqueuedAt: number;
}

/** How many jobs a worker takes. */
export interface Room {
  readonly any: number;
  /** And then so many of groups that have none running there. */
  readonly spare: number;
  /** The groups that have. */
  readonly running: readonly string[];
}

export interface Claim {
  readonly jobs: readonly ClaimedJob[];
  /** When the next job is due that is not yet, if there were fewer than asked for. */
  readonly nextDueAt: number | null;
}

/** The work queue's methods on its own thread; times are epoch milliseconds. */
export interface WorkQueueCalls {
  enqueue(queue: string, jobs: readonly StoredJob[], now: number): number;
  claim(queue: string, room: Room, now: number): Claim;
  complete(seq: number): void;
  retry(seq: number, dueAt: number): void;
  /** As `retry`, without counting the attempt. */
  wait(seq: number, dueAt: number): void;
  /** As if it had not been claimed. */
  handBack(seq: number): void;
  remove(queue: string, ids: readonly string[]): number;
  depth(queue: string, now: number): QueueDepth;
  /** Writes and reads. */
  probe(now: number): void;
}
