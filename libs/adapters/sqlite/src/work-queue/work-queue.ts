import { MillraceError } from '@millrace/contracts';
import type { NewJob, QueueDepth, QueueWorker, WorkOptions, WorkQueue } from '@millrace/ports';
import { SqliteThread } from '../thread/sqlite-thread.ts';
import { LocalWorker } from './local-worker.ts';
import { lanes, type StoredJob } from './work-queue-calls.ts';

export interface WorkQueueOptions {
  /** The bundled `sqlite.worker.ts`. */
  readonly entry: URL;
  /** The database file; its folder is made when missing. One process at a time. */
  readonly file: string;
  /** Milliseconds before a failed claim or acknowledgement is tried again. Default 500. */
  readonly retryPauseMs?: number;
  /** Told of failures in the background, all of which are tried again. Default: nobody is. */
  readonly onError?: (error: unknown) => void;
}

const defaults = { retryPauseMs: 500, onError: () => undefined };

/**
 * The work queue in one SQLite file with one owning process. Workers live in this process: they are woken by
 * `enqueue` and by one timer at the earliest due time, nothing polls. Leases need no clock here, `leaseMs` is not
 * used: a job is orphaned exactly when the owner of the file is dead, and whoever opens the file next knows.
 */
export class SqliteWorkQueue implements WorkQueue {
  private readonly workers = new Map<string, Set<LocalWorker>>();

  private constructor(
    private readonly thread: SqliteThread,
    private readonly options: Required<Omit<WorkQueueOptions, 'entry' | 'file'>>,
  ) {}

  /** `thread` is for tests that end it as a crash would. Rejects when another process has the file. */
  static async open(
    { entry, file, ...options }: WorkQueueOptions,
    thread = new SqliteThread(entry, { module: 'work-queue', file }),
  ): Promise<SqliteWorkQueue> {
    try {
      await thread.call('probe', Date.now());
    } catch (error) {
      await thread.close();
      throw error;
    }
    return new SqliteWorkQueue(thread, { ...defaults, ...options });
  }

  async enqueue(queue: string, jobs: readonly NewJob[]): Promise<number> {
    if (jobs.length === 0) return 0;
    const added = this.thread.call<number>('enqueue', queue, jobs.map(store), Date.now());
    // Their claims queue up right behind the write and are answered once it is committed.
    this.wake(queue);
    return added;
  }

  async work(queue: string, options: WorkOptions): Promise<QueueWorker> {
    if (this.thread.ended) throw new MillraceError('shutting_down');
    const peers = this.workers.get(queue) ?? new Set();
    const worker = new LocalWorker(queue, this.thread, options, {
      ...this.options,
      onClosed: () => {
        peers.delete(worker);
        this.wake(queue);
      },
    });
    this.workers.set(queue, peers.add(worker));
    worker.wake();
    return worker;
  }

  depth(queue: string): Promise<QueueDepth> {
    return this.thread.call('depth', queue, Date.now());
  }

  remove(queue: string, ids: readonly string[]): Promise<number> {
    return this.thread.call('remove', queue, ids);
  }

  async healthy(): Promise<boolean> {
    return this.thread.call('probe', Date.now()).then(
      () => true,
      () => false,
    );
  }

  /** Hands running jobs back at once; close the workers first to give them time. */
  async close(): Promise<void> {
    const workers = [...this.workers.values()].flatMap((peers) => [...peers]);
    await Promise.all(workers.map((worker) => worker.close(0)));
    await this.thread.close();
  }

  private wake(queue: string): void {
    for (const worker of this.workers.get(queue) ?? []) worker.wake();
  }
}

const store = ({
  id,
  data,
  lane = 'bulk',
  delayMs = 0,
  headers = {},
  group = '',
  cost = 1,
}: NewJob): StoredJob => ({
  id,
  lane: lanes.indexOf(lane),
  data: JSON.stringify(data),
  headers: JSON.stringify(headers),
  delayMs: Math.max(0, Math.round(delayMs)),
  group,
  cost,
});
