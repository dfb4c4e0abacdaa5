import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { QueueDepth } from '@millrace/ports';
import { lanes, type Claim, type ClaimedJob, type StoredJob } from './work-queue-calls.ts';

/** The statements on the table of jobs. Times are epoch milliseconds. */
export class JobTable {
  private readonly insert: StatementSync;
  private readonly nextInLane: StatementSync;
  private readonly markRunning: StatementSync;
  private readonly nextDue: StatementSync;
  private readonly deleteJob: StatementSync;
  private readonly delay: StatementSync;
  private readonly putOff: StatementSync;
  private readonly unclaim: StatementSync;
  private readonly deleteWaiting: StatementSync;
  private readonly countWaiting: StatementSync;
  private readonly countRunning: StatementSync;
  private readonly reclaimAll: StatementSync;
  private readonly writeProbe: StatementSync;

  constructor(database: DatabaseSync) {
    this.insert = database.prepare(
      `INSERT INTO job (queue, id, lane, data, headers, enqueued_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    );
    this.nextInLane = database.prepare(
      `SELECT seq, id, lane, data, headers, attempt + 1 AS attempt, run + 1 AS run, enqueued_at AS enqueuedAt FROM job
       WHERE queue = ? AND running = 0 AND lane = ? AND due_at <= ? ORDER BY due_at, seq LIMIT ?`,
    );
    this.markRunning = database.prepare(
      'UPDATE job SET running = 1, attempt = attempt + 1, run = run + 1 WHERE seq = ?',
    );
    this.nextDue = database.prepare(
      'SELECT min(due_at) AS at FROM job WHERE queue = ? AND running = 0 AND lane = ?',
    );
    this.deleteJob = database.prepare('DELETE FROM job WHERE seq = ?');
    this.delay = database.prepare('UPDATE job SET running = 0, due_at = ? WHERE seq = ?');
    this.putOff = database.prepare(
      'UPDATE job SET running = 0, attempt = attempt - 1, due_at = ? WHERE seq = ?',
    );
    this.unclaim = database.prepare('UPDATE job SET running = 0, attempt = attempt - 1 WHERE seq = ?');
    this.deleteWaiting = database.prepare('DELETE FROM job WHERE queue = ? AND id = ? AND running = 0');
    this.countWaiting = database.prepare(
      `SELECT count(*) AS waiting, count(*) FILTER (WHERE due_at <= :now) AS runnable, min(due_at) AS oldest
       FROM job WHERE queue = :queue AND running = 0`,
    );
    this.countRunning = database.prepare(
      'SELECT count(*) AS inflight FROM job WHERE queue = ? AND running = 1',
    );
    this.reclaimAll = database.prepare('UPDATE job SET running = 0 WHERE running = 1');
    this.writeProbe = database.prepare(
      'INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at',
    );
  }

  /** How many were new. */
  enqueue(queue: string, jobs: readonly StoredJob[], now: number): number {
    let added = 0;
    for (const { id, lane, data, headers, delayMs } of jobs)
      added += Number(this.insert.run(queue, id, lane, data, headers, now, now + delayMs).changes);
    return added;
  }

  /** Lane by lane, in the order in which the jobs became due. */
  claim(queue: string, count: number, now: number): Claim {
    const jobs: ClaimedJob[] = [];
    for (const lane of lanes.keys())
      if (jobs.length < count)
        jobs.push(...(this.nextInLane.all(queue, lane, now, count - jobs.length) as unknown as ClaimedJob[]));
    for (const { seq } of jobs) this.markRunning.run(seq);
    return { jobs, nextDueAt: jobs.length < count ? this.nextDueAt(queue) : null };
  }

  complete(seq: number): void {
    this.deleteJob.run(seq);
  }

  retry(seq: number, dueAt: number): void {
    this.delay.run(dueAt, seq);
  }

  wait(seq: number, dueAt: number): void {
    this.putOff.run(dueAt, seq);
  }

  handBack(seq: number): void {
    this.unclaim.run(seq);
  }

  remove(queue: string, ids: readonly string[]): number {
    return ids.reduce((removed, id) => removed + Number(this.deleteWaiting.run(queue, id).changes), 0);
  }

  depth(queue: string, now: number): QueueDepth {
    const { waiting, runnable, oldest } = this.countWaiting.get({ queue, now }) as Record<string, number>;
    const { inflight } = this.countRunning.get(queue) as Record<string, number>;
    return {
      runnable: runnable!,
      inflight: inflight!,
      delayed: waiting! - runnable!,
      oldestAgeMs: runnable ? now - oldest! : 0,
    };
  }

  reclaim(): void {
    this.reclaimAll.run();
  }

  probe(now: number): void {
    this.writeProbe.run(now);
  }

  private nextDueAt(queue: string): number | null {
    const due = [...lanes.keys()].map((lane) => (this.nextDue.get(queue, lane) as { at: number | null }).at);
    return due.reduce((first, at) => (first === null || (at !== null && at < first) ? at : first), null);
  }
}
