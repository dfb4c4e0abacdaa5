import { Worker } from 'node:worker_threads';
import { MillraceError } from '@millrace/contracts';
import type { ThreadReply, ThreadRequest, ThreadStart } from './protocol.ts';
import { fromWire } from './wire-error.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Milliseconds that a call without hurry waits for another to travel with. */
const unhurriedMs = 100;

/**
 * A database file with its own thread: `node:sqlite` is synchronous, and a slow query must not hold up whoever
 * serves HTTP. Calls run in the order they were made; those made in one turn of the event loop travel together.
 */
export class SqliteThread {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private outgoing: ThreadRequest[] = [];
  private leaving = false;
  private departure: NodeJS.Timeout | undefined;
  private nextId = 1;
  private failure: MillraceError | undefined;

  constructor(entry: URL, start: ThreadStart) {
    this.worker = new Worker(entry, { workerData: start, name: `sqlite:${start.module}` });
    this.worker.on('message', (replies: ThreadReply[]) => replies.forEach((reply) => this.settle(reply)));
    this.worker.on('error', (cause) => this.fail(new MillraceError('dependency_unavailable', { cause })));
    this.worker.on('exit', () =>
      this.fail(new MillraceError('dependency_unavailable', { detail: 'the database thread has ended' })),
    );
  }

  /** True once no call can succeed any more. */
  get ended(): boolean {
    return this.failure !== undefined;
  }

  /** Rejects with `storage_full`, `dependency_unavailable`, `shutting_down` after `close`, or what the method threw. */
  call<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    const answer = this.ask<T>(method, args);
    if (!this.leaving) {
      this.leaving = true;
      process.nextTick(() => this.flush());
    }
    return answer;
  }

  /** The same, for what nobody waits for: to wake a thread costs more than most calls, so it goes along with the next. */
  callUnhurried<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    const answer = this.ask<T>(method, args);
    this.departure ??= setTimeout(() => this.flush(), unhurriedMs);
    return answer;
  }

  /** Runs what was asked before, closes the database, ends the thread. */
  async close(): Promise<void> {
    if (this.failure) return;
    const closed = this.call('close');
    this.failure = new MillraceError('shutting_down');
    await closed.finally(() => this.worker.terminate());
  }

  /** Ends the thread at once, as a crash would. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  private ask<T>(method: string, args: readonly unknown[]): Promise<T> {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.nextId++;
    return new Promise<unknown>((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.outgoing.push({ id, method, args });
    }) as Promise<T>;
  }

  private flush(): void {
    this.leaving = false;
    clearTimeout(this.departure);
    this.departure = undefined;
    const requests = this.outgoing;
    this.outgoing = [];
    if (requests.length === 0) return;
    try {
      this.worker.postMessage(requests);
    } catch {
      requests.forEach((request) => this.sendAlone(request));
    }
  }

  /** An argument that cannot be cloned fails its own call only. */
  private sendAlone(request: ThreadRequest): void {
    try {
      this.worker.postMessage([request]);
    } catch (error) {
      this.reject(request.id, error);
    }
  }

  private settle(reply: ThreadReply): void {
    if ('error' in reply) return this.reject(reply.id, fromWire(reply.error));
    this.pending.get(reply.id)?.resolve(reply.value);
    this.pending.delete(reply.id);
  }

  private reject(id: number, error: unknown): void {
    this.pending.get(id)?.reject(error);
    this.pending.delete(id);
  }

  private fail(failure: MillraceError): void {
    this.failure ??= failure;
    for (const id of [...this.pending.keys()]) this.reject(id, failure);
  }
}
