import type { DatabaseSync } from 'node:sqlite';
import type { QueueDepth } from '@millrace/ports';
import { GroupCommit } from '../thread/group-commit.ts';
import { openDatabase } from '../thread/open-database.ts';
import { JobTable } from './job-table.ts';

const migrations = [
  `
  CREATE TABLE job (
    seq INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    id TEXT NOT NULL,
    lane INTEGER NOT NULL, -- 0 interactive, 1 bulk
    data TEXT NOT NULL,
    headers TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    running INTEGER NOT NULL DEFAULT 0,
    enqueued_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    UNIQUE (queue, id)
  ) STRICT;
  CREATE INDEX job_waiting ON job (queue, lane, due_at) WHERE running = 0;
  CREATE INDEX job_running ON job (queue) WHERE running = 1;
  CREATE TABLE probe (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
  `,
];

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
  /** As if it had not been claimed. */
  handBack(seq: number): void;
  remove(queue: string, ids: readonly string[]): number;
  depth(queue: string, now: number): QueueDepth;
  /** Writes and reads. */
  probe(now: number): void;
}

/** Jobs that were running belong to an owner that is dead, for the file has one at a time: they wait again. */
export function openWorkQueue(file: string): GroupCommit {
  const database: DatabaseSync = openDatabase(file, migrations);
  const jobs = new JobTable(database);
  jobs.reclaim();
  const methods: WorkQueueCalls = {
    enqueue: (queue, added, now) => jobs.enqueue(queue, added, now),
    claim: (queue, count, now) => jobs.claim(queue, count, now),
    complete: (seq) => jobs.complete(seq),
    retry: (seq, dueAt) => jobs.retry(seq, dueAt),
    handBack: (seq) => jobs.handBack(seq),
    remove: (queue, ids) => jobs.remove(queue, ids),
    depth: (queue, now) => jobs.depth(queue, now),
    probe: (now) => jobs.probe(now),
  };
  return new GroupCommit(database, { ...methods });
}
