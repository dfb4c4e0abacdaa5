import type { Job, NewJob, QueueDepth, WorkOptions, WorkQueue } from '@millrace/ports';
import { expect } from 'vitest';
import { defaultPatienceMs, unique, until, type DurableHarness } from '../harness.ts';

/** Clocks and timers may be this much apart. */
export const slackMs = 20;

export const job = (id: string): NewJob => ({ id, data: { id } });

export const working = (options: Partial<WorkOptions>): WorkOptions => ({
  concurrency: 4,
  leaseMs: 5_000,
  handler: () => Promise.resolve(),
  onFailure: async () => ({ action: 'discard' }),
  ...options,
});

/** An open adapter and a queue of its own for one test. */
export class QueueDesk {
  readonly queue = unique('queue');
  readonly patience: number;

  private constructor(
    private readonly harness: DurableHarness<WorkQueue>,
    public jobs: WorkQueue,
  ) {
    this.patience = harness.patienceMs ?? defaultPatienceMs;
  }

  static async open(harness: DurableHarness<WorkQueue>): Promise<QueueDesk> {
    return new QueueDesk(harness, await harness.open());
  }

  /** The adapter is killed, and opened again. */
  async crash(): Promise<void> {
    await this.harness.kill(this.jobs);
    this.jobs = await this.harness.open();
  }

  /** Runs jobs and lists them as they start. */
  readonly collect = async (options: Partial<WorkOptions> = {}, from = this.queue): Promise<Job[]> => {
    const seen: Job[] = [];
    const inner = options.handler ?? (() => Promise.resolve());
    const handler: WorkOptions['handler'] = (job, signal) => {
      seen.push(job);
      return inner(job, signal);
    };
    await this.jobs.work(from, working({ ...options, handler }));
    return seen;
  };

  readonly sawAll = (seen: readonly Job[], ids: readonly string[]): Promise<void> =>
    until(() => expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(ids)), this.patience);

  readonly reachesDepth = (depth: Partial<QueueDepth>): Promise<void> =>
    until(async () => expect(await this.jobs.depth(this.queue)).toMatchObject(depth), this.patience);

  readonly empties = (): Promise<void> => this.reachesDepth({ runnable: 0, inflight: 0, delayed: 0 });
}
