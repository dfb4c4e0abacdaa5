import { describe, expect, it } from 'vitest';
import { unique, until } from '../harness.ts';
import { job, slackMs, type QueueDesk } from './fixtures.ts';

export function enqueueingChecks(open: () => QueueDesk): void {
  describe('enqueueing', () => {
    it('hands the job over as it was given, as a first attempt', async () => {
      const { jobs, queue, collect, sawAll, empties } = open();
      const before = Date.now();
      const data = { text: 'käse \u0000 🧀', list: [1, null, { deep: true }] };
      expect(await jobs.enqueue(queue, [{ id: 'one', data, headers: { trace: 'ü1' } }])).toBe(1);
      const seen = await collect();
      await sawAll(seen, ['one']);
      expect(seen[0]).toMatchObject({
        id: 'one',
        data,
        lane: 'bulk',
        headers: { trace: 'ü1' },
        attempt: 1,
        deaths: 0,
        run: 1,
      });
      expect(seen[0]!.enqueuedAt).toBeGreaterThanOrEqual(before - slackMs);
      expect(seen[0]!.enqueuedAt).toBeLessThanOrEqual(Date.now() + slackMs);
      await empties();
    });

    it('takes ids of any characters', async () => {
      const { jobs, queue, collect, sawAll } = open();
      const ids = ['acme/hand:book@3', 'a b', 'über/🧀', '0', '__proto__'];
      await jobs.enqueue(queue, ids.map(job));
      await sawAll(await collect(), ids);
    });

    it('keeps one of several jobs with the same id in one call', async () => {
      const { jobs, queue } = open();
      expect(await jobs.enqueue(queue, [job('a'), job('a'), job('b')])).toBe(2);
      expect(await jobs.depth(queue)).toMatchObject({ runnable: 2 });
    });

    it('adds no job whose id is waiting, delayed or running, and keeps the first one’s data', async () => {
      const { jobs, queue, collect, sawAll, reachesDepth } = open();
      await jobs.enqueue(queue, [{ id: 'waiting', data: 1 }]);
      await jobs.enqueue(queue, [{ id: 'delayed', data: 1, delayMs: 60_000 }]);
      expect(await jobs.enqueue(queue, [{ id: 'waiting', data: 2 }])).toBe(0);
      expect(await jobs.enqueue(queue, [{ id: 'delayed', data: 2 }])).toBe(0);
      const release = Promise.withResolvers<void>();
      const seen = await collect({ handler: () => release.promise });
      await sawAll(seen, ['waiting']);
      expect(await jobs.enqueue(queue, [{ id: 'waiting', data: 3 }])).toBe(0);
      expect(seen[0]!.data).toBe(1);
      release.resolve();
      await reachesDepth({ runnable: 0, inflight: 0, delayed: 1 });
    });

    it('adds a job again once the one with its id is done', async () => {
      const { jobs, queue, patience, collect, empties } = open();
      await jobs.enqueue(queue, [job('a')]);
      const seen = await collect();
      await empties();
      expect(await jobs.enqueue(queue, [job('a')])).toBe(1);
      await until(() => expect(seen).toHaveLength(2), patience);
    });

    it('keeps what many callers enqueue at once', async () => {
      const { jobs, queue, collect, sawAll, empties } = open();
      const ids = Array.from({ length: 300 }, (_, index) => `job${index}`);
      const seen = await collect({ concurrency: 10 });
      const added = await Promise.all(ids.map((id) => jobs.enqueue(queue, [job(id)])));
      expect(added).toEqual(ids.map(() => 1));
      await sawAll(seen, ids);
      await empties();
    });

    it('keeps queues apart', async () => {
      const { jobs, queue, collect, sawAll } = open();
      const other = unique('other');
      await jobs.enqueue(queue, [job('same')]);
      expect(await jobs.enqueue(other, [job('same')])).toBe(1);
      const seen = await collect({}, other);
      await sawAll(seen, ['same']);
      expect(await jobs.depth(queue)).toMatchObject({ runnable: 1, inflight: 0 });
    });
  });
}
