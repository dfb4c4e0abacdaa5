import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { Job, QueueWorker, WorkOptions } from '@millrace/ports';
import type { Redis } from 'ioredis';
import type { RedisLink } from '../connection/redis-link.ts';
import { within } from '../connection/within.ts';
import type { BullQueue } from './bull-queue.ts';
import { decodeJob, groupOf } from './job-codec.ts';
import { writeEnding, type Ending, type Taken } from './job-ending.ts';
import { renew } from './job-lease.ts';
import { letPass } from './turn-scripts.ts';

export interface BullWorkerOptions {
  readonly retryPauseMs: number;
  readonly onError: (error: unknown) => void;
  readonly onClosed: () => void;
}

/** A job that is being worked on. */
interface Run extends Taken {
  readonly given: Job;
  readonly abort: AbortController;
  /** Set when the job was given back: what its handler does from then on has no effect. */
  handedBack: boolean;
}

/** An idle worker looks for itself after this long, should the marker that wakes it be lost with a connection. */
const maxWaitMs = 2_000;
/** How often a worker looks whether Redis is back. */
const disconnectedPollMs = 50;
/** Of so many jobs one is the longest waiting bulk job, even while interactive ones keep coming. */
const bulkTurn = 16;

/**
 * Runs jobs of one queue. BullMQ's scripts move the jobs; the loop is our own, because that of BullMQ's worker
 * neither hands back nor closes while Redis is away (taskforcesh/bullmq #4585, #4656).
 */
export class BullWorker implements QueueWorker {
  private readonly id = randomUUID();
  private readonly runs = new Map<Run, Promise<void>>();
  private readonly endings = new Set<Promise<void>>();
  private readonly blocking: Redis;
  /** For the marker of newcomers, where there are spare places. */
  private readonly watching: Redis | undefined;
  private readonly timers: readonly NodeJS.Timeout[];
  private readonly stopOnReady: () => void;
  private readonly loop: Promise<void>;
  private takes = 0;
  private readySince = Date.now();
  private slotFree = Promise.withResolvers<void>();
  private newcomer: Promise<void> | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly queue: BullQueue,
    private readonly link: RedisLink,
    private readonly work: WorkOptions,
    private readonly options: BullWorkerOptions,
  ) {
    this.blocking = link.openBlocking();
    if (this.spare > 0) this.watching = link.openBlocking();
    this.timers = [
      setInterval(() => void this.renewLeases(), work.leaseMs / 3).unref(),
      setInterval(() => void this.recoverOrphans(), work.leaseMs / 2).unref(),
    ];
    this.stopOnReady = link.onReady(() => this.connectedAgain());
    this.loop = this.takeJobs();
  }

  close(budgetMs: number): Promise<void> {
    this.closing ??= this.stop(budgetMs);
    return this.closing;
  }

  private async stop(budgetMs: number): Promise<void> {
    this.slotFree.resolve();
    this.link.drop(this.blocking);
    if (this.watching) this.link.drop(this.watching);
    await this.loop;
    await within(budgetMs, Promise.all(this.runs.values()));
    for (const run of this.runs.keys()) this.giveBack(run);
    await Promise.all(this.endings);
    for (const timer of this.timers) clearInterval(timer);
    this.stopOnReady();
    await this.wakeOthers();
    await this.queue.close();
    this.options.onClosed();
  }

  private async takeJobs(): Promise<void> {
    while (!this.closing)
      try {
        await this.untilConnected();
        if (this.isFull) await this.takeSpare();
        else await this.takeNext();
      } catch (error) {
        if (this.closing) return;
        this.link.tell(error);
        await pause(this.options.retryPauseMs);
      }
  }

  private get spare(): number {
    return this.work.spare ?? 0;
  }

  private get isFull(): boolean {
    return this.runs.size >= this.work.concurrency;
  }

  private async untilConnected(): Promise<void> {
    while (!this.closing && !this.link.ready) await pause(disconnectedPollMs);
  }

  private async takeNext(): Promise<void> {
    if ((this.takes + 1) % bulkTurn === 0) await this.letBulkPass();
    const next = await this.takeOne();
    if (next !== 'taken') await this.waitForWork(next);
  }

  /** All places but the spare ones are taken: only a group that has none may come in. */
  private async takeSpare(): Promise<void> {
    const hasSpare = this.runs.size < this.work.concurrency + this.spare;
    const groups = new Set([...this.runs.keys()].map(({ job }) => groupOf(job)));
    const { passed, nextDueAt } = hasSpare
      ? await this.link.run((redis) => letPass(redis, this.queue.keys, [...groups]))
      : { passed: false, nextDueAt: 0 };
    if (passed) await this.takeOne();
    else await this.untilPlace(hasSpare, nextDueAt);
  }

  private async untilPlace(hasSpare: boolean, nextDueAt: number): Promise<void> {
    if (this.closing || !this.isFull) return;
    this.slotFree = Promise.withResolvers();
    if (!hasSpare) return this.slotFree.promise;
    this.newcomer ??= this.untilNewcomer().finally(() => (this.newcomer = undefined));
    const ms = nextDueAt > 0 ? Math.max(1, Math.min(nextDueAt - Date.now(), maxWaitMs)) : maxWaitMs;
    await within(ms, Promise.race([this.slotFree.promise, this.newcomer]));
  }

  /** Beside the marker that wakes idle workers, for that may mean a job that this one must not take. */
  private async untilNewcomer(): Promise<void> {
    const { watching } = this;
    if (watching?.status === 'ready')
      await watching.bzpopmin(this.queue.keys.newcomer, maxWaitMs / 1000).catch(() => undefined);
    else await pause(this.options.retryPauseMs);
  }

  /** Takes a job, or tells when the next one is due, as epoch milliseconds; 0 when none is delayed. */
  private async takeOne(): Promise<'taken' | number> {
    if (this.closing) return 0;
    const token = `${this.id}:${++this.takes}`;
    const [raw, id, , nextDueAt] = (await this.link.run(() => this.queue.backend.moveToActive(token))) as [
      raw?: Parameters<BullQueue['decode']>[0] | null,
      id?: string,
      limit?: number,
      nextDueAt?: number,
    ];
    if (!raw || !id) return Number(nextDueAt ?? 0);
    this.begin({ job: this.queue.decode(raw, id), token });
    return 'taken';
  }

  /** Puts the first bulk job before the interactive ones. */
  private async letBulkPass(): Promise<void> {
    await this.link.run(async (redis) => {
      if ((await redis.llen(this.queue.keys.wait)) > 0) await letPass(redis, this.queue.keys);
    });
  }

  private async waitForWork(nextDueAt: number): Promise<void> {
    const ms = nextDueAt > 0 ? Math.min(nextDueAt - Date.now(), maxWaitMs) : maxWaitMs;
    if (ms < 1 || this.closing) return;
    if (this.blocking.status === 'ready') await this.blocking.bzpopmin(this.queue.keys.marker, ms / 1000);
    else await pause(Math.min(ms, this.options.retryPauseMs));
  }

  private begin(taken: Taken): void {
    const run: Run = {
      ...taken,
      given: decodeJob(taken.job),
      abort: new AbortController(),
      handedBack: false,
    };
    if (this.closing) return this.end(run, { action: 'handBack' });
    const done = this.run(run).then((ending) => {
      if (run.handedBack) return;
      this.runs.delete(run);
      this.slotFree.resolve();
      this.end(run, ending);
    });
    this.runs.set(run, done);
  }

  private async run(run: Run): Promise<Ending> {
    try {
      await this.work.handler(run.given, run.abort.signal);
      return { action: 'complete' };
    } catch (error) {
      return run.handedBack ? { action: 'handBack' } : this.decide(run.given, error);
    }
  }

  /** When even the decision fails nothing is known to be durable, so the job comes again. */
  private async decide(job: Job, failure: unknown): Promise<Ending> {
    try {
      const decision = await this.work.onFailure(job, failure);
      if (decision.action === 'discard') return { action: 'complete' };
      return { action: decision.action, dueAt: Date.now() + Math.max(0, Math.round(decision.delayMs)) };
    } catch (error) {
      this.options.onError(error);
      return { action: 'wait', dueAt: Date.now() + this.options.retryPauseMs };
    }
  }

  private giveBack(run: Run): void {
    run.handedBack = true;
    this.runs.delete(run);
    run.abort.abort(new MillraceError('shutting_down'));
    this.end(run, { action: 'handBack' });
  }

  private end(run: Run, ending: Ending): void {
    const ended = this.record(run, ending).finally(() => this.endings.delete(ended));
    this.endings.add(ended);
  }

  /** Tried until it is written, for the work is done; once more when closing, for the job is found again anyway. */
  private async record(run: Run, ending: Ending): Promise<void> {
    for (;;)
      try {
        if (this.closing && !this.link.ready) return;
        return await this.link.run((redis) => writeEnding(this.queue, redis, run, ending, this.work.leaseMs));
      } catch (error) {
        this.link.tell(error);
        if (this.closing) return;
        await pause(this.options.retryPauseMs);
      }
  }

  private async renewLeases(): Promise<void> {
    const held = [...this.runs.keys()].map(({ job, token }) => ({ id: job.id!, token }));
    if (held.length === 0 || !this.link.ready) return;
    await this.link
      .run((redis) => renew(this.queue, redis, held, this.work.leaseMs))
      .catch((error: unknown) => this.link.tell(error));
  }

  /** Not before all workers had the time to renew what they hold, when Redis was away. */
  private async recoverOrphans(): Promise<void> {
    if (!this.link.ready || Date.now() - this.readySince < this.work.leaseMs / 2 - 1) return;
    await this.link
      .run(() => this.queue.backend.moveStalledJobsToWait())
      .catch((error: unknown) => this.link.tell(error));
  }

  private connectedAgain(): void {
    this.readySince = Date.now();
    void this.renewLeases();
  }

  /** The marker that says there is work may have gone down with this worker's connection. */
  private async wakeOthers(): Promise<void> {
    if (!this.link.ready || this.link.closed) return;
    await this.link.run((redis) => redis.zadd(this.queue.keys.marker, 0, '0')).catch(() => undefined);
  }
}
