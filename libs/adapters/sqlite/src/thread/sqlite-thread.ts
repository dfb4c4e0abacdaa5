import { Worker } from 'node:worker_threads';
import { MillraceError } from '@millrace/contracts';
import type { ThreadReply, ThreadRequest, ThreadStart } from './protocol.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A database file with its own thread: `node:sqlite` is synchronous, and a slow query must not hold up whoever
 * serves HTTP. Calls run in the order they were made.
 */
export class SqliteThread {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private failure: Error | undefined;

  constructor(entry: URL, start: ThreadStart) {
    this.worker = new Worker(entry, { workerData: start, name: `sqlite:${start.module}` });
    this.worker.on('message', (reply: ThreadReply) => this.settle(reply));
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('the database thread has ended')));
  }

  call<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    if (this.failure)
      return Promise.reject(new MillraceError('dependency_unavailable', { cause: this.failure }));
    const id = this.nextId++;
    return new Promise<unknown>((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.worker.postMessage({ id, method, args } satisfies ThreadRequest);
    }) as Promise<T>;
  }

  /** Runs what was asked before, closes the database, ends the thread. */
  async close(): Promise<void> {
    if (this.failure) return;
    await this.call('close');
    await this.worker.terminate();
  }

  private settle(reply: ThreadReply): void {
    const waiting = this.pending.get(reply.id);
    this.pending.delete(reply.id);
    if ('error' in reply) waiting?.reject(revive(reply.error));
    else waiting?.resolve(reply.value);
  }

  private fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
    for (const waiting of this.pending.values())
      waiting.reject(new MillraceError('dependency_unavailable', { cause: this.failure }));
    this.pending.clear();
  }
}

/** Errors lose their class on the way between threads; SQLite's own codes decide what they become. */
function revive(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { errcode, millrace } = error as Error & { errcode?: number; millrace?: string };
  if (errcode === SQLITE_FULL) return new MillraceError('storage_full', { cause: error });
  if (millrace) return new MillraceError('internal', { detail: error.message });
  return error;
}
const SQLITE_FULL = 13;
