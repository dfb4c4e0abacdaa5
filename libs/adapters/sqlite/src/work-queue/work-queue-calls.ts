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
}

export interface ClaimedJob extends Omit<StoredJob, 'delayMs'> {
  /** Names the job from its first enqueue to its end. */
  readonly seq: number;
  readonly attempt: number;
  readonly run: number;
  readonly enqueuedAt: number;
}

export interface Claim {
  readonly jobs: readonly ClaimedJob[];
  /** When the next job is due, if fewer than asked for were there. */
  readonly nextDueAt: number | null;
}

/** The work queue's methods on its own thread; times are epoch milliseconds. */
export interface WorkQueueCalls {
  enqueue(queue: string, jobs: readonly StoredJob[], now: number): number;
  claim(queue: string, count: number, now: number): Claim;
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
