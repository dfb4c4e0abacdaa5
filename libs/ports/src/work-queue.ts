/**
 * A durable queue of jobs inside one service's pool.
 *
 * Promises: `enqueue` resolves when the jobs are durable; each job runs until its handler resolves, at least once;
 * a job whose worker died is taken up again when its lease ends, and the death is counted; a job with the id of one
 * that is known (waiting, delayed or running) is not added twice. `interactive` jobs go first.
 *
 * Groups of bulk jobs take turns: while several have jobs that could run, each gets the same cost done, give or take a
 * job, however many another has waiting; one that comes back gets its turn at once, and no credit for the time it was
 * away. A retry is paid for again. Whose turn it is may be forgotten in a crash; no job is.
 * Left out: flows, repeatable jobs, results (see RequestReply), weights of groups.
 */
export interface WorkQueue {
  /** Durable when resolved. Returns how many were new. */
  enqueue(queue: string, jobs: readonly NewJob[]): Promise<number>;

  /** Starts taking jobs. What to do with a failure is the caller's decision, per attempt. */
  work(queue: string, options: WorkOptions): Promise<QueueWorker>;

  depth(queue: string): Promise<QueueDepth>;

  /** Forgets waiting and delayed jobs with these ids; running ones are left to end. Returns how many went. */
  remove(queue: string, ids: readonly string[]): Promise<number>;

  healthy(): Promise<boolean>;

  close(): Promise<void>;
}

export type Lane = 'interactive' | 'bulk';

export interface NewJob {
  readonly id: string;
  /** Plain JSON. */
  readonly data: unknown;
  readonly lane?: Lane;
  /** Not before this many milliseconds from now. */
  readonly delayMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose job it is, for taking turns. Those without one are a group of their own. */
  readonly group?: string;
  /** What a run takes, in any unit that the queue's jobs share: a whole number, 1 to 1,000. Default 1. */
  readonly cost?: number;
}

export interface Job {
  readonly id: string;
  readonly data: unknown;
  readonly lane: Lane;
  readonly headers: Readonly<Record<string, string>>;
  /** 1, and one more for each run that ended in `retry`. */
  readonly attempt: number;
  /** How often its worker died while it ran, whoever was at fault. */
  readonly deaths: number;
  /** How often it was started, this time included, whatever became of it. */
  readonly run: number;
  /** Epoch milliseconds of the enqueue. */
  readonly enqueuedAt: number;
}

export interface WorkOptions {
  readonly concurrency: number;
  /**
   * Bulk jobs that may run beyond `concurrency`, each of a group that has none running here: no group's long jobs keep
   * another's out. Default none.
   */
  readonly spare?: number;
  /** A job not renewed for this long is taken to be orphaned. Renewed by the adapter while the handler runs. */
  readonly leaseMs: number;
  /** Resolves: the job is done. `signal` aborts when the worker is told to hand its work back. */
  readonly handler: (job: Job, signal: AbortSignal) => Promise<void>;
  /** Called when the handler rejected. */
  readonly onFailure: (job: Job, error: unknown) => Promise<FailureDecision>;
}

/**
 * `retry` counts an attempt; `wait` does not, for the surroundings failed and not the job: it is taken too when the
 * decision itself fails. `discard` is for a job whose dead letter is already durable.
 */
export type FailureDecision =
  { readonly action: 'retry' | 'wait'; readonly delayMs: number } | { readonly action: 'discard' };

export interface QueueWorker {
  /**
   * Takes no more jobs, waits up to `budgetMs` for the running ones, then aborts their signals and hands the
   * rest back to the queue: no attempt is counted, and what their handlers reject with is no failure.
   */
  close(budgetMs: number): Promise<void>;
}

export interface QueueDepth {
  /** Ready to run now: waiting, and delayed ones that are due. */
  readonly runnable: number;
  readonly inflight: number;
  readonly delayed: number;
  /** How long the runnable job that waits longest has been ready to run; 0 when there is none. */
  readonly oldestAgeMs: number;
}
