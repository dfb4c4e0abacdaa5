import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { job, slackMs, type QueueDesk } from './fixtures.ts';

export function orderChecks(open: () => QueueDesk): void {
  describe('order and time', () => {
    it('does not start a delayed job before its time, and then starts it', async () => {
      const { jobs, queue, collect, sawAll } = open();
      const seen = await collect();
      const before = Date.now();
      await jobs.enqueue(queue, [{ id: 'later', data: null, delayMs: 600 }]);
      expect(await jobs.depth(queue)).toMatchObject({ runnable: 0, delayed: 1 });
      await sawAll(seen, ['later']);
      expect(Date.now() - before).toBeGreaterThanOrEqual(600 - slackMs);
    });

    it('starts a job that is due sooner than those already delayed', async () => {
      const { jobs, queue, collect, sawAll } = open();
      const seen = await collect();
      await jobs.enqueue(queue, [{ id: 'late', data: null, delayMs: 60_000 }]);
      await jobs.enqueue(queue, [{ id: 'soon', data: null, delayMs: 100 }]);
      await sawAll(seen, ['soon']);
    });

    it('takes interactive jobs before bulk ones', async () => {
      const { jobs, queue, collect, sawAll } = open();
      await jobs.enqueue(queue, [job('bulk1'), job('bulk2'), { ...job('quick1'), lane: 'interactive' }]);
      const release = Promise.withResolvers<void>();
      const handler = ({ id }: Job) => (id === 'quick1' ? release.promise : Promise.resolve());
      const seen = await collect({ concurrency: 1, handler });
      await sawAll(seen, ['quick1']);
      await jobs.enqueue(queue, [{ ...job('quick2'), lane: 'interactive' }]);
      release.resolve();
      await sawAll(seen, ['quick1', 'quick2', 'bulk1', 'bulk2']);
      expect(seen.slice(0, 2).map(({ id, lane }) => [id, lane])).toEqual([
        ['quick1', 'interactive'],
        ['quick2', 'interactive'],
      ]);
    });

    it('runs as many jobs at a time as allowed, and no more', async () => {
      const { jobs, queue, collect, sawAll, empties } = open();
      let [running, most] = [0, 0];
      const handler = async () => {
        most = Math.max(most, ++running);
        await pause(20);
        running--;
      };
      const ids = Array.from({ length: 12 }, (_, index) => `${index}`);
      await jobs.enqueue(queue, ids.map(job));
      await sawAll(await collect({ concurrency: 3, handler }), ids);
      await empties();
      expect(most).toBe(3);
    });

    it('wakes an idle worker at once', async () => {
      const { jobs, queue, collect, sawAll } = open();
      const seen = await collect();
      await jobs.enqueue(queue, [job('warm')]);
      await sawAll(seen, ['warm']);
      const before = performance.now();
      await jobs.enqueue(queue, [job('now')]);
      await sawAll(seen, ['warm', 'now']);
      expect(performance.now() - before).toBeLessThan(2_000);
    });
  });
}
