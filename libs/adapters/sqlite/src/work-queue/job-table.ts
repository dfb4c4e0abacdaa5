import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { QueueDepth } from '@millrace/ports';
import { LaneTurns } from './lane-turns.ts';
import { lanes, type Claim, type ClaimedJob, type Room, type StoredJob } from './work-queue-calls.ts';

const bulk = lanes.indexOf('bulk');

/** The statements on the table of jobs. Times are epoch milliseconds. */
export class JobTable {
  private readonly insert: StatementSync;
  private readonly turns: LaneTurns;
  private readonly markRunning: StatementSync;
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
      `INSERT INTO job (queue, id, lane, data, headers, enqueued_at, due_at, "group", cost)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.turns = new LaneTurns(database);
    this.markRunning = database.prepare(
      'UPDATE job SET running = 1, attempt = attempt + 1, run = run + 1 WHERE seq = ?',
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
    this.reclaimAll = database.prepare(
      'UPDATE job SET running = 0, attempt = attempt - 1, deaths = deaths + 1 WHERE running = 1',
    );
    this.writeProbe = database.prepare(
      'INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at',
    );
  }

  /** How many were new. */
  enqueue(queue: string, jobs: readonly StoredJob[], now: number): number {
    let added = 0;
    for (const { id, lane, data, headers, delayMs, group, cost } of jobs) {
      const due = now + delayMs;
      added += Number(this.insert.run(queue, id, lane, data, headers, now, due, group, cost).changes);
    }
    return added;
  }

  /** Lane by lane, group by group in turns, in each in the order in which the jobs became due. */
  claim(queue: string, room: Room, now: number): Claim {
    const jobs: ClaimedJob[] = [];
    const running = new Set(room.running);
    const take = (lane: number, only?: ReadonlySet<string>): boolean => {
      const job = this.turns.next(queue, lane, now, only);
      if (!job) return false;
      this.markRunning.run(job.seq);
      jobs.push(job);
      running.add(job.group);
      return true;
    };
    for (const lane of lanes.keys()) while (jobs.length < room.any && take(lane));
    const all = room.any + room.spare;
    if (jobs.length === room.any) while (jobs.length < all && take(bulk, running));
    return { jobs, nextDueAt: jobs.length < all ? this.nextDueAt(queue, now) : null };
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

  private nextDueAt(queue: string, now: number): number | null {
    const due = [...lanes.keys()].flatMap((lane) => this.turns.nextDueAt(queue, lane, now) ?? []);
    return due.length > 0 ? Math.min(...due) : null;
  }
}
