import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkOptions } from '@millrace/ports';
import { until } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entry } from '../thread/thread-harness.ts';
import { openDatabase } from '../thread/open-database.ts';
import { SqliteThread } from '../thread/sqlite-thread.ts';
import { migrations } from './work-queue.module.ts';
import { SqliteWorkQueue } from './work-queue.ts';

const patienceMs = 10_000;

describe('SqliteWorkQueue', () => {
  let folder: string;
  let queue: SqliteWorkQueue;
  let thread: FailingThread;
  const errors: unknown[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-queue-'));
    const file = join(folder, 'queue.sqlite');
    errors.length = 0;
    thread = new FailingThread(entry, { module: 'work-queue', file });
    const onError = (error: unknown): void => void errors.push(error);
    queue = await SqliteWorkQueue.open({ entry, file, retryPauseMs: 20, onError }, thread);
  });
  afterEach(async () => {
    await thread.terminate();
    await rm(folder, { recursive: true, force: true });
  });

  const work = (handler: WorkOptions['handler'], concurrency = 2) =>
    queue.work('queue', {
      concurrency,
      leaseMs: 1_000,
      handler,
      onFailure: async () => ({ action: 'discard' }),
    });
  const add = (...ids: string[]) =>
    queue.enqueue(
      'queue',
      ids.map((id) => ({ id, data: null })),
    );

  it('takes jobs of a lane in the order in which they became due', async () => {
    await queue.enqueue('queue', [{ id: 'later', data: null, delayMs: 50 }]);
    await add('b', 'a');
    await until(async () => expect(await queue.depth('queue')).toMatchObject({ runnable: 3 }), patienceMs);
    await add('last');
    const seen: string[] = [];
    await work(async ({ id }) => void seen.push(id), 1);
    await until(() => expect(seen).toEqual(['b', 'a', 'later', 'last']), patienceMs);
  });

  it('takes over the jobs of a file from before there were groups', async () => {
    const file = join(folder, 'old.sqlite');
    const old = openDatabase(file, migrations.slice(0, 2));
    old.exec(`INSERT INTO job (queue, id, lane, data, headers, enqueued_at, due_at, attempt)
      VALUES ('queue', 'old', 1, 'null', '{}', 1, 1, 2)`);
    old.close();
    await queue.close();
    queue = await SqliteWorkQueue.open({ entry, file });
    await queue.enqueue('queue', [{ id: 'new', data: null, group: 'a' }]);
    const seen: [string, number][] = [];
    await work(async ({ id, attempt }) => void seen.push([id, attempt]), 1);
    const both = [
      ['old', 3],
      ['new', 1],
    ];
    await until(() => expect(seen).toEqual(both), patienceMs);
    await queue.close();
  });

  it('notes a finished job later when it cannot be noted at once, and does not run it again', async () => {
    thread.failing.set('complete', 3);
    let runs = 0;
    await work(async () => void runs++);
    await add('a');
    const empty = { runnable: 0, inflight: 0, delayed: 0 };
    await until(async () => expect(await queue.depth('queue')).toMatchObject(empty), patienceMs);
    expect([runs, errors.length]).toEqual([1, 3]);
  });

  it('goes on after claims that failed', async () => {
    thread.failing.set('claim', 3);
    const seen: string[] = [];
    await work(async ({ id }) => void seen.push(id));
    await add('a');
    await until(() => expect(seen).toEqual(['a']), patienceMs);
    expect(errors).toHaveLength(3);
  });

  it('closes although nothing can be noted, and runs the job again when it is opened next', async () => {
    thread.failing.set('complete', Infinity);
    thread.failing.set('handBack', Infinity);
    const stuck = Promise.withResolvers<void>();
    const started: string[] = [];
    const worker = await work(({ id }) => {
      started.push(id);
      return id === 'stuck' ? stuck.promise : Promise.resolve();
    });
    await add('done', 'stuck');
    await until(() => expect(errors.length).toBeGreaterThan(1), patienceMs);
    await worker.close(10);
    await queue.close();
    queue = await SqliteWorkQueue.open({ entry, file: join(folder, 'queue.sqlite') });
    const seen: [string, number][] = [];
    await work(async ({ id, deaths }) => void seen.push([id, deaths]));
    await until(
      () =>
        expect(new Map(seen)).toEqual(
          new Map([
            ['done', 1],
            ['stuck', 1],
          ]),
        ),
      patienceMs,
    );
    await queue.close();
  });
});

/** A thread whose methods fail a number of times. */
class FailingThread extends SqliteThread {
  readonly failing = new Map<string, number>();

  override call<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    const left = this.failing.get(method) ?? 0;
    if (left === 0) return super.call(method, ...args);
    this.failing.set(method, left - 1);
    return Promise.reject(new Error(`${method} fails`));
  }
}
