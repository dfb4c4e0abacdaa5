import { MillraceError } from '@millrace/contracts';
import type { NewJob, QueueDepth, QueueWorker, WorkOptions, WorkQueue } from '@millrace/ports';
import { RedisHealth } from '../connection/redis-health.ts';
import { RedisLink } from '../connection/redis-link.ts';
import { defaults, type RedisOptions } from '../connection/redis-options.ts';
import { BullQueue } from './bull-queue.ts';
import { BullWorker } from './bull-worker.ts';

/** Queues and workers listen to the one connection, some of them several times. */
const maxListeners = 1_000;

/**
 * The work queue in Redis, as BullMQ 6 keeps it: its tools and KEDA's scalers can look at it. Any number of
 * processes add and work. While Redis is away everything rejects with `dependency_unavailable` within
 * `commandTimeoutMs`; workers go on by themselves once it is back, empty or not.
 */
export class BullWorkQueue implements WorkQueue {
  private readonly options: Required<RedisOptions>;
  private readonly link: RedisLink;
  private readonly health: RedisHealth;
  private readonly queues = new Map<string, BullQueue>();
  private readonly workers = new Set<BullWorker>();

  /** Connects in the background. */
  constructor(options: RedisOptions) {
    this.options = { ...defaults, ...options };
    this.link = new RedisLink(this.options);
    this.health = new RedisHealth(this.link, this.options.onWarning);
    this.link.commands.setMaxListeners(maxListeners);
  }

  async enqueue(queue: string, jobs: readonly NewJob[]): Promise<number> {
    return jobs.length === 0 ? 0 : this.queue(queue).add(jobs);
  }

  /** Also while Redis is away: the worker starts when it is there. */
  async work(queue: string, options: WorkOptions): Promise<QueueWorker> {
    if (this.link.closed) throw new MillraceError('shutting_down');
    const leases = { lockDuration: options.leaseMs, stalledInterval: Math.ceil(options.leaseMs / 3) };
    const worker = new BullWorker(this.open(queue, leases), this.link, options, {
      retryPauseMs: this.options.retryPauseMs,
      onError: this.options.onError,
      onClosed: () => this.workers.delete(worker),
    });
    this.workers.add(worker);
    return worker;
  }

  async depth(queue: string): Promise<QueueDepth> {
    return this.queue(queue).depth();
  }

  async remove(queue: string, ids: readonly string[]): Promise<number> {
    const bull = this.queue(queue);
    let removed = 0;
    for (const id of ids) if (await bull.remove(id)) removed++;
    return removed;
  }

  /** Also false when Redis would drop work to save memory: see `onWarning`. */
  healthy(): Promise<boolean> {
    return this.health.healthy();
  }

  /** Hands running jobs back at once; close the workers first to give them time. */
  async close(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.close(0)));
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    await this.link.close();
  }

  private queue(name: string): BullQueue {
    if (this.link.closed) throw new MillraceError('shutting_down');
    const known = this.queues.get(name) ?? this.open(name);
    this.queues.set(name, known);
    return known;
  }

  private open(name: string, leases?: ConstructorParameters<typeof BullQueue>[3]): BullQueue {
    return new BullQueue(name, this.link, this.options.prefix, leases);
  }
}
