import type { DatabaseSync } from 'node:sqlite';
import { GroupCommit } from '../thread/group-commit.ts';
import { openDatabase } from '../thread/open-database.ts';
import { JobTable } from './job-table.ts';
import type { WorkQueueCalls } from './work-queue-calls.ts';

export const migrations = [
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
  'ALTER TABLE job ADD COLUMN run INTEGER NOT NULL DEFAULT 0',
  `
  ALTER TABLE job ADD COLUMN "group" TEXT NOT NULL DEFAULT '';
  ALTER TABLE job ADD COLUMN cost INTEGER NOT NULL DEFAULT 1;
  DROP INDEX job_waiting;
  CREATE INDEX job_waiting ON job (queue, lane, "group", due_at) WHERE running = 0;
  `,
  'ALTER TABLE job ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0',
];

/** Jobs that were running belong to an owner that is dead, for the file has one at a time: they wait again. */
export function openWorkQueue(file: string): GroupCommit {
  const database: DatabaseSync = openDatabase(file, migrations);
  const jobs = new JobTable(database);
  jobs.reclaim();
  const methods: WorkQueueCalls = {
    enqueue: (queue, added, now) => jobs.enqueue(queue, added, now),
    claim: (queue, room, now) => jobs.claim(queue, room, now),
    complete: (seq) => jobs.complete(seq),
    retry: (seq, dueAt) => jobs.retry(seq, dueAt),
    wait: (seq, dueAt) => jobs.wait(seq, dueAt),
    handBack: (seq) => jobs.handBack(seq),
    remove: (queue, ids) => jobs.remove(queue, ids),
    depth: (queue, now) => jobs.depth(queue, now),
    probe: (now) => jobs.probe(now),
  };
  return new GroupCommit(database, { ...methods });
}
