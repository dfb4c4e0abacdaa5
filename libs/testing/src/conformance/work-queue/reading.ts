import { MillraceError } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { until } from '../harness.ts';
import { job, slackMs, working, type QueueDesk } from './fixtures.ts';

export function readingChecks(open: () => QueueDesk): void {
  describe('looking at a queue', () => {
    it('counts what is runnable, running and delayed', async () => {
      const { jobs, queue, patience, collect, reachesDepth } = open();
      const empty = { runnable: 0, inflight: 0, delayed: 0, oldestAgeMs: 0 };
      expect(await jobs.depth(queue)).toEqual(empty);
      await jobs.enqueue(queue, [...['a', 'b', 'c'].map(job), { ...job('d'), delayMs: 60_000 }]);
      expect(await jobs.depth(queue)).toMatchObject({ runnable: 3, inflight: 0, delayed: 1 });
      const release = Promise.withResolvers<void>();
      await collect({ concurrency: 2, handler: () => release.promise });
      await reachesDepth({ runnable: 1, inflight: 2, delayed: 1 });
      release.resolve();
      await until(async () => expect(await jobs.depth(queue)).toEqual({ ...empty, delayed: 1 }), patience);
    });

    it('counts a delayed job as runnable once it is due, although nobody works', async () => {
      const { jobs, queue, reachesDepth } = open();
      await jobs.enqueue(queue, [{ ...job('a'), delayMs: 200 }]);
      expect(await jobs.depth(queue)).toMatchObject({ runnable: 0, delayed: 1 });
      await reachesDepth({ runnable: 1, delayed: 0 });
    });

    it('tells how long the oldest runnable job has waited', async () => {
      const { jobs, queue, patience } = open();
      const before = Date.now();
      await jobs.enqueue(queue, [job('old')]);
      await until(async () => expect((await jobs.depth(queue)).oldestAgeMs).toBeGreaterThan(300), patience);
      await jobs.enqueue(queue, [job('young')]);
      const { oldestAgeMs } = await jobs.depth(queue);
      expect(oldestAgeMs).toBeGreaterThan(300);
      expect(oldestAgeMs).toBeLessThanOrEqual(Date.now() - before + slackMs);
    });

    it('removes waiting and delayed jobs, and leaves running ones to end', async () => {
      const { jobs, queue, collect, sawAll, empties } = open();
      await jobs.enqueue(queue, [job('running')]);
      const release = Promise.withResolvers<void>();
      const seen = await collect({ concurrency: 1, handler: () => release.promise });
      await sawAll(seen, ['running']);
      await jobs.enqueue(queue, [job('waiting'), job('kept'), { ...job('delayed'), delayMs: 60_000 }]);
      expect(await jobs.remove(queue, ['waiting', 'delayed', 'running', 'unknown'])).toBe(2);
      expect(await jobs.depth(queue)).toMatchObject({ runnable: 1, inflight: 1, delayed: 0 });
      release.resolve();
      await sawAll(seen, ['running', 'kept']);
      await empties();
    });

    it('is healthy while open, and refuses calls once closed', async () => {
      const { jobs, queue } = open();
      expect(await jobs.healthy()).toBe(true);
      await jobs.close();
      expect(await jobs.healthy()).toBe(false);
      await expect(jobs.enqueue(queue, [job('a')])).rejects.toThrow(MillraceError);
      await expect(jobs.work(queue, working({}))).rejects.toThrow(MillraceError);
    });
  });
}
