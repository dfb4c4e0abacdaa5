import { setTimeout as pause } from 'node:timers/promises';
import type { Job, WorkOptions } from '@millrace/ports';
import { Redis } from 'ioredis';
import { noEngine, unique, until } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forget, redisUrl } from '../testing/redis-server.ts';
import { TcpProxy } from '../testing/tcp-proxy.ts';
import { BullWorkQueue } from './bull-work-queue.ts';

const patienceMs = 15_000;
const empty = { runnable: 0, inflight: 0, delayed: 0 };

describe('BullWorkQueue', () => {
  let proxy: TcpProxy;
  let prefix: string;
  const errors: unknown[] = [];
  const opened: BullWorkQueue[] = [];

  beforeEach(async (context) => {
    if (!redisUrl) return context.skip(noEngine('redis'));
    prefix = unique('test');
    proxy = await TcpProxy.to(redisUrl);
    errors.length = 0;
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.close()));
    proxy?.cut();
    if (redisUrl) await forget(redisUrl, prefix);
  });

  const open = (url = proxy.url): BullWorkQueue => {
    const onError = (error: unknown): void => void errors.push(error);
    const queue = new BullWorkQueue({ url, prefix, retryPauseMs: 50, commandTimeoutMs: 500, onError });
    opened.push(queue);
    return queue;
  };
  const work = (queue: BullWorkQueue, handler: WorkOptions['handler'], options: Partial<WorkOptions> = {}) =>
    queue.work('queue', {
      concurrency: 2,
      leaseMs: 1_000,
      handler,
      onFailure: async () => ({ action: 'discard' }),
      ...options,
    });
  const add = (queue: BullWorkQueue, ...ids: string[]) =>
    queue.enqueue(
      'queue',
      ids.map((id) => ({ id, data: null })),
    );
  const turnsOf = async (field: string): Promise<number> => {
    const redis = new Redis(redisUrl!);
    const value = await redis.hget(`${prefix}:queue:turns`, field);
    redis.disconnect();
    return Number(value);
  };
  const empties = (queue: BullWorkQueue) =>
    until(async () => expect(await queue.depth('queue')).toMatchObject(empty), patienceMs);

  describe('with Redis away', () => {
    it('refuses within its time-out, is not healthy, tells of it once, and goes on when it is back', async () => {
      const queue = open();
      const seen: string[] = [];
      await work(queue, async ({ id }) => void seen.push(id));
      await add(queue, 'before');
      await until(() => expect(seen).toEqual(['before']), patienceMs);
      proxy.cut();
      const started = Date.now();
      const refusals = await Promise.allSettled(
        Array.from({ length: 100 }, (_, n) => add(queue, `away${n}`)),
      );
      for (const refusal of refusals)
        expect(refusal).toMatchObject({ reason: { code: 'dependency_unavailable' } });
      expect(await queue.healthy()).toBe(false);
      expect(Date.now() - started).toBeLessThan(2_000);
      await proxy.restore();
      await until(async () => expect(await queue.healthy()).toBe(true), patienceMs);
      await add(queue, 'after');
      await until(() => expect(seen).toEqual(['before', 'after']), patienceMs);
      expect(errors).toHaveLength(1);
    });

    it('refuses within its time-out when Redis hangs, and goes on when it answers again', async () => {
      const queue = open();
      const seen: string[] = [];
      await work(queue, async ({ id }) => void seen.push(id));
      await add(queue, 'before');
      proxy.freeze();
      const started = Date.now();
      await expect(add(queue, 'hung')).rejects.toMatchObject({ code: 'dependency_unavailable' });
      expect(await queue.healthy()).toBe(false);
      expect(Date.now() - started).toBeLessThan(2_000);
      proxy.thaw();
      await add(queue, 'after');
      await until(() => expect(seen).toEqual(expect.arrayContaining(['before', 'after'])), patienceMs);
    });

    it('may be started before Redis', async () => {
      proxy.cut();
      const queue = open();
      const seen: string[] = [];
      await work(queue, async ({ id }) => void seen.push(id));
      await proxy.restore();
      await until(() => add(queue, 'a'), patienceMs);
      await until(() => expect(seen).toEqual(['a']), patienceMs);
    });

    it('notes what was finished meanwhile once it is back, and neither repeats it nor counts an attempt', async () => {
      const queue = open();
      const watcher = open(redisUrl);
      const seen: Job[] = [];
      const release = Promise.withResolvers<void>();
      await work(queue, async (job) => {
        seen.push(job);
        await release.promise;
      });
      await add(queue, 'done', 'running');
      await until(() => expect(seen).toHaveLength(2), patienceMs);
      proxy.cut();
      await pause(1_500); // Longer than the lease.
      release.resolve();
      await proxy.restore();
      await empties(watcher);
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 1]);
    });

    it('closes although nothing can be handed back', async () => {
      const queue = open();
      const started = Promise.withResolvers<void>();
      await work(queue, () => {
        started.resolve();
        return new Promise(() => undefined);
      });
      await add(queue, 'a');
      await started.promise;
      proxy.cut();
      const before = Date.now();
      await queue.close();
      expect(Date.now() - before).toBeLessThan(1_500);
    });
  });

  it('counts every death of a worker and loses the job at none of them', async () => {
    const outside = open(redisUrl);
    await add(outside, 'killer');
    const deaths: number[] = [];
    for (let life = 0; life < 3; life++) {
      const mortal = await TcpProxy.to(redisUrl!);
      const queue = open(mortal.url);
      await work(
        queue,
        (job) => {
          deaths.push(job.deaths);
          return new Promise(() => undefined);
        },
        { leaseMs: 300 },
      );
      await until(() => expect(deaths).toHaveLength(life + 1), patienceMs);
      mortal.cut();
    }
    await work(outside, async (job) => void deaths.push(job.deaths), { leaseMs: 300 });
    await empties(outside);
    expect(deaths).toEqual([0, 1, 2, 3]);
  });

  it('shares work between two processes, each job once', async () => {
    const [one, other] = [open(), open()];
    const ids = Array.from({ length: 500 }, (_, n) => `job${n}`);
    const seen: [string[], string[]] = [[], []];
    await work(one, async ({ id }) => void seen[0].push(id));
    await work(other, async ({ id }) => void seen[1].push(id));
    expect(await add(one, ...ids)).toBe(500);
    await empties(one);
    expect([...seen[0], ...seen[1]].sort()).toEqual([...ids].sort());
    expect(Math.min(seen[0].length, seen[1].length)).toBeGreaterThan(50);
  });

  it('lets bulk jobs have their turn while interactive ones keep coming', async () => {
    const queue = open();
    const interactive = Array.from({ length: 100 }, (_, n) => ({
      id: `quick${n}`,
      data: null,
      lane: 'interactive' as const,
    }));
    await queue.enqueue('queue', interactive);
    await add(queue, 'bulk0', 'bulk1');
    const seen: string[] = [];
    await work(queue, async ({ id, lane }) => void seen.push(`${lane} ${id}`), { concurrency: 1 });
    await empties(queue);
    expect(seen.indexOf('bulk bulk0')).toBeLessThan(20);
    expect(seen.indexOf('bulk bulk1')).toBeLessThan(40);
  });

  it('counts turns anew before priorities end: nothing is lost, late or out of order', async () => {
    const queue = open();
    const many = Array.from({ length: 2_300 }, (_, n) => ({
      id: `a${n}`,
      data: null,
      group: 'a',
      cost: 1_000,
    }));
    await queue.enqueue('queue', many);
    const seen: string[] = [];
    const arrived = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const handler = async ({ id }: Job): Promise<void> => {
      seen.push(id);
      if (seen.length !== 1_100) return;
      arrived.resolve();
      await release.promise;
    };
    await work(queue, handler, { concurrency: 1 });
    await arrived.promise;
    const ofB = ['b0', 'b1', 'b2'].map((id) => ({ id, data: null, group: 'b', cost: 1_000 }));
    await queue.enqueue('queue', [...ofB, { id: 'c', data: null, group: 'c', delayMs: 1 }]);
    const [before, after] = [await turnsOf('now'), await turnsOf('g:a')];
    release.resolve();
    await empties(queue);
    expect([before, after < 2 ** 21]).toEqual([1, true]);
    expect(seen.filter((id) => id.startsWith('a'))).toEqual(many.map(({ id }) => id));
    for (const [n, id] of ['b0', 'b1', 'b2'].entries()) expect(seen.indexOf(id)).toBeLessThan(1_103 + 2 * n);
    expect(seen.indexOf('c')).toBeLessThan(1_110);
    expect(seen).toHaveLength(2_304);
  });

  it('gives a group that ran out of turn, and has nothing more, its turn at once next time', async () => {
    const queue = open();
    await queue.enqueue(
      'queue',
      Array.from({ length: 300 }, (_, n) => ({ id: `a${n}`, data: null, group: 'a' })),
    );
    const seen: string[] = [];
    const handler = async ({ id }: Job): Promise<void> => {
      seen.push(id);
      if (id.startsWith('a')) await new Promise(() => undefined);
    };
    await work(queue, handler, { spare: 1 });
    // More than are looked at from the head.
    for (let n = 0; n < 200; n++) {
      await queue.enqueue('queue', [{ id: `b${n}`, data: null, group: 'b' }]);
      await until(() => expect(seen).toContain(`b${n}`), patienceMs);
    }
    expect(seen).toHaveLength(202);
  });

  it('shares spare places among processes, and leaves what waits to others', async () => {
    const [one, other] = [open(), open()];
    const seen: string[] = [];
    const handler = async ({ id }: Job): Promise<void> => {
      seen.push(id);
      await new Promise(() => undefined);
    };
    await work(one, handler, { concurrency: 1, spare: 1 });
    await work(other, handler, { concurrency: 1, spare: 1 });
    const groups = ['a', 'a', 'a', 'b', 'c', 'd'];
    for (const [n, group] of groups.entries()) {
      await one.enqueue('queue', [{ id: `${group}${n}`, data: null, group }]);
      await until(() => expect(seen.length).toBeGreaterThanOrEqual([1, 2, 2, 3, 4, 4][n]!), patienceMs);
    }
    expect(seen.map((id) => id[0])).toEqual(['a', 'a', 'b', 'c']);
    expect(await one.depth('queue')).toMatchObject({ runnable: 2, inflight: 4 });
  });

  it('tells the age of a retried job from the time it was put off to', async () => {
    const queue = open();
    const onFailure = async () => ({ action: 'retry', delayMs: 300 }) as const;
    const worker = await work(queue, () => Promise.reject(new Error('no')), { onFailure });
    await add(queue, 'a');
    await until(async () => expect(await queue.depth('queue')).toMatchObject({ delayed: 1 }), patienceMs);
    await worker.close(0);
    await until(async () => expect(await queue.depth('queue')).toMatchObject({ runnable: 1 }), patienceMs);
    expect((await queue.depth('queue')).oldestAgeMs).toBeLessThan(200);
  });

  it('has nothing runnable while somebody paused the queue', async () => {
    const queue = open();
    await add(queue, 'a');
    const { Queue } = await import('bullmq');
    const connection = { url: redisUrl! };
    const elsewhere = new Queue('queue', { connection, prefix });
    await elsewhere.pause();
    expect(await queue.depth('queue')).toMatchObject({ runnable: 0 });
    await elsewhere.resume();
    expect(await queue.depth('queue')).toMatchObject({ runnable: 1 });
    await elsewhere.close();
  });

  it('takes queue names with any characters', async () => {
    const queue = open();
    await queue.enqueue('tenant:a/b', [{ id: 'a', data: null }]);
    expect(await queue.depth('tenant:a/b')).toMatchObject({ runnable: 1 });
  });
});
