import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { Job, QueueWorker, WorkOptions } from '@millrace/ports';
import type { SqliteThread } from '../thread/sqlite-thread.ts';
import { lanes, type Claim, type ClaimedJob, type Room } from './work-queue-calls.ts';

export interface LocalWorkerOptions {
  readonly retryPauseMs: number;
  readonly onError: (error: unknown) => void;
  /** Its jobs are back in the queue: other workers may take them. */
  readonly onClosed: () => void;
}

/** A job that is being worked on. */
interface Run {
  readonly seq: number;
  readonly group: string;
  readonly job: Job;
  readonly abort: AbortController;
  /** Set when the job was given back: what its handler does from then on has no effect. */
  handedBack: boolean;
}

/** How a run ends in the file. */
type Ending = readonly [method: 'complete' | 'retry' | 'wait' | 'handBack', ...args: number[]];

/** Longest time-out of a timer. */
const maxTimerMs = 2 ** 31 - 1;

/** Runs jobs of one queue in this process, as many at a time as it is allowed. */
export class LocalWorker implements QueueWorker {
  private readonly runs = new Map<Run, Promise<void>>();
  private readonly endings = new Set<Promise<void>>();
  private claim: Promise<void> | undefined;
  /** Something was enqueued while a claim was under way. */
  private claimAgain = false;
  private closed = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly queue: string,
    private readonly thread: SqliteThread,
    private readonly work: WorkOptions,
    private readonly options: LocalWorkerOptions,
  ) {}

  /** There may be a job: takes as many as there is room for. */
  wake(): void {
    if (this.closed || this.runs.size >= this.places || this.thread.ended) return;
    if (this.claim) return void (this.claimAgain = true);
    this.claimAgain = false;
    this.claim = this.take(this.room()).finally(() => {
      this.claim = undefined;
      if (this.claimAgain) this.wake();
    });
  }

  async close(budgetMs: number): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.claim;
    await this.idleWithin(budgetMs);
    for (const run of this.runs.keys()) this.giveBack(run);
    await Promise.all(this.endings);
    this.options.onClosed();
  }

  private get places(): number {
    return this.work.concurrency + (this.work.spare ?? 0);
  }

  private room(): Room {
    const any = Math.max(0, this.work.concurrency - this.runs.size);
    const running = [...new Set([...this.runs.keys()].map(({ group }) => group))];
    return { any, spare: this.places - this.runs.size - any, running };
  }

  private async take(room: Room): Promise<void> {
    try {
      const { jobs, nextDueAt } = await this.thread.call<Claim>('claim', this.queue, room, Date.now());
      for (const job of jobs) this.begin(job);
      if (nextDueAt !== null) this.wakeIn(nextDueAt - Date.now());
    } catch (error) {
      if (this.thread.ended) return;
      this.options.onError(error);
      this.wakeIn(this.options.retryPauseMs);
    }
  }

  private wakeIn(ms: number): void {
    clearTimeout(this.timer);
    if (this.closed) return;
    this.timer = setTimeout(() => this.wake(), Math.min(Math.max(ms, 1), maxTimerMs)).unref();
  }

  private begin(claimed: ClaimedJob): void {
    const run: Run = {
      seq: claimed.seq,
      group: claimed.group,
      job: asJob(claimed),
      abort: new AbortController(),
      handedBack: false,
    };
    if (this.closed) return this.end(['handBack', run.seq]);
    const done = this.run(run).then((ending) => {
      if (run.handedBack) return;
      this.runs.delete(run);
      this.end(ending);
      this.wake();
    });
    this.runs.set(run, done);
  }

  private async run(run: Run): Promise<Ending> {
    const { seq, job, abort } = run;
    try {
      await this.work.handler(job, abort.signal);
      return ['complete', seq];
    } catch (error) {
      return run.handedBack ? ['handBack', seq] : this.decide(seq, job, error);
    }
  }

  /** When even the decision fails nothing is known to be durable, so the job comes again. */
  private async decide(seq: number, job: Job, failure: unknown): Promise<Ending> {
    try {
      const decision = await this.work.onFailure(job, failure);
      if (decision.action === 'discard') return ['complete', seq];
      return [decision.action, seq, Date.now() + Math.max(0, Math.round(decision.delayMs))];
    } catch (error) {
      this.options.onError(error);
      return ['wait', seq, Date.now() + this.options.retryPauseMs];
    }
  }

  private giveBack(run: Run): void {
    run.handedBack = true;
    this.runs.delete(run);
    run.abort.abort(new MillraceError('shutting_down'));
    this.end(['handBack', run.seq]);
  }

  private end(ending: Ending): void {
    const ended = this.record(ending).finally(() => this.endings.delete(ended));
    this.endings.add(ended);
  }

  /** Tried until it is written, for the work is done; once more when closing, for the job is found again anyway. */
  private async record([method, ...args]: Ending): Promise<void> {
    for (;;)
      try {
        return await this.thread.call<void>(method, ...args);
      } catch (error) {
        if (this.thread.ended) return;
        this.options.onError(error);
        if (this.closed) return;
        await pause(this.options.retryPauseMs);
      }
  }

  private async idleWithin(budgetMs: number): Promise<void> {
    const timer = new AbortController();
    const late = pause(budgetMs, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([late, Promise.all(this.runs.values())]);
    timer.abort();
  }
}

const asJob = ({ id, lane, data, headers, attempt, deaths, run, enqueuedAt }: ClaimedJob): Job => ({
  id,
  data: JSON.parse(data) as unknown,
  lane: lanes[lane] ?? 'bulk',
  headers: JSON.parse(headers) as Record<string, string>,
  attempt,
  deaths,
  run,
  enqueuedAt,
});
