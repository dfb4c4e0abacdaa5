import { setTimeout as pause } from 'node:timers/promises';
import type { Job, NewJob } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { until } from '../harness.ts';
import { job, type QueueDesk } from './fixtures.ts';

export function groupsChecks(open: () => QueueDesk): void {
  describe('groups', () => {
    /** Ids in the order in which one worker runs them, one at a time. */
    const runInOrder = async (count: number): Promise<string[]> => {
      const { collect, patience } = open();
      const seen = await collect({ concurrency: 1 });
      await until(() => expect(seen).toHaveLength(count), patience);
      return seen.map(({ id }) => id);
    };
    const of = (group: string, count: number, more: Partial<NewJob> = {}): NewJob[] =>
      Array.from({ length: count }, (_, n) => ({ ...job(`${group}${n}`), group, ...more }));

    it('take turns, however many jobs one has waiting, each group’s in their order', async () => {
      const { jobs, queue } = open();
      await jobs.enqueue(queue, of('a', 30));
      await jobs.enqueue(queue, of('b', 3));
      const order = await runInOrder(33);
      const place = (id: string): number => order.indexOf(id);
      expect([place('b0'), place('b1'), place('b2')].map((at, n) => at <= 2 * n + 2)).toEqual([
        true,
        true,
        true,
      ]);
      for (const group of ['a', 'b'])
        expect(order.filter((id) => id.startsWith(group))).toEqual(
          of(group, group === 'a' ? 30 : 3).map(({ id }) => id),
        );
    });

    it('get the same cost done, not the same number', async () => {
      const { jobs, queue } = open();
      await jobs.enqueue(queue, of('big', 10, { cost: 10 }));
      await jobs.enqueue(queue, of('small', 40, { cost: 1 }));
      const order = await runInOrder(50);
      const smallBefore = (id: string): number =>
        order.slice(0, order.indexOf(id)).filter((other) => other.startsWith('small')).length;
      for (const n of [2, 3]) {
        expect(smallBefore(`big${n}`)).toBeGreaterThanOrEqual(10 * (n - 1));
        expect(smallBefore(`big${n}`)).toBeLessThanOrEqual(10 * (n + 1));
      }
    });

    it('that come late or come back get their turn at once, and no more than it', async () => {
      const { jobs, queue, patience, collect } = open();
      const arrived = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      let started = 0;
      const handler = async (): Promise<void> => {
        if (++started !== 50) return;
        arrived.resolve();
        await release.promise;
      };
      await jobs.enqueue(queue, [...of('a', 100), ...of('b', 1)]);
      const seen = await collect({ concurrency: 1, handler });
      await arrived.promise;
      await jobs.enqueue(queue, [
        ...of('late', 10),
        ...Array.from({ length: 10 }, (_, n) => ({ ...job(`b${n + 1}`), group: 'b' })),
      ]);
      release.resolve();
      await until(() => expect(seen).toHaveLength(121), patience);
      const groups = seen.map(({ id }) => id.replace(/\d+$/, ''));
      for (const group of ['late', 'b', 'a'])
        for (const length of [6, 12, 24]) {
          const got = groups.slice(50, 50 + length).filter((other) => other === group).length;
          expect(Math.abs(got - length / 3)).toBeLessThanOrEqual(2);
        }
    });

    it('pay for retries, too', async () => {
      const { jobs, queue, patience, collect } = open();
      const onFailure = async () => ({ action: 'retry', delayMs: 0 }) as const;
      const handler = ({ id, attempt }: Job): Promise<void> =>
        id.startsWith('bad') && attempt < 5 ? Promise.reject(new Error('no')) : Promise.resolve();
      await jobs.enqueue(queue, [...of('bad', 5), ...of('good', 20)]);
      const seen = await collect({ concurrency: 1, handler, onFailure });
      await until(() => expect(seen).toHaveLength(45), patience);
      const lastGood = seen.findLastIndex(({ id }) => id.startsWith('good'));
      expect(lastGood).toBeLessThanOrEqual(42);
      expect(lastGood).toBeGreaterThanOrEqual(30);
    });

    it('without a name are one like the others', async () => {
      const { jobs, queue } = open();
      await jobs.enqueue(
        queue,
        Array.from({ length: 30 }, (_, n) => job(`none${n}`)),
      );
      await jobs.enqueue(queue, of('b', 2));
      const order = await runInOrder(32);
      expect(order.indexOf('b1')).toBeLessThanOrEqual(5);
    });

    it('that have none running find a spare place when long jobs of another hold all others', async () => {
      const { jobs, queue, collect, sawAll, reachesDepth, empties } = open();
      const release = Promise.withResolvers<void>();
      const handler = ({ id }: Job): Promise<void> =>
        id.startsWith('a') ? release.promise : Promise.resolve();
      await jobs.enqueue(queue, of('a', 10));
      const seen = await collect({ concurrency: 2, spare: 1, handler });
      await reachesDepth({ runnable: 8, inflight: 2 });
      await jobs.enqueue(queue, of('b', 3));
      await sawAll(seen, ['a0', 'a1', 'b0', 'b1', 'b2']);
      await reachesDepth({ runnable: 8, inflight: 2 });
      await jobs.enqueue(queue, [{ ...job('c0'), group: 'c', delayMs: 200 }]);
      await sawAll(seen, ['a0', 'a1', 'b0', 'b1', 'b2', 'c0']);
      release.resolve();
      await empties();
    });

    it('use a spare place for one job at a time', async () => {
      const { jobs, queue, collect, reachesDepth, empties } = open();
      const release = Promise.withResolvers<void>();
      let [running, most] = [0, 0];
      const handler = async ({ id }: Job): Promise<void> => {
        if (id.startsWith('a')) return release.promise;
        most = Math.max(most, ++running);
        await pause(20);
        running--;
      };
      await jobs.enqueue(queue, of('a', 2));
      await collect({ concurrency: 2, spare: 2, handler });
      await reachesDepth({ runnable: 0, inflight: 2 });
      await jobs.enqueue(queue, of('b', 5));
      await reachesDepth({ runnable: 0, inflight: 2 });
      expect(most).toBe(1);
      release.resolve();
      await empties();
    });
  });
}
