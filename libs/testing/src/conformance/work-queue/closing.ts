import type { Job, WorkOptions } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { until } from '../harness.ts';
import { job, slackMs, working, type QueueDesk } from './fixtures.ts';

export function closingChecks(open: () => QueueDesk): void {
  describe('closing a worker', () => {
    it('waits for running jobs within the budget', async () => {
      const { jobs, queue, reachesDepth } = open();
      const release = Promise.withResolvers<void>();
      const started = Promise.withResolvers<AbortSignal>();
      const handler: WorkOptions['handler'] = (_job, signal) => {
        started.resolve(signal);
        return release.promise;
      };
      await jobs.enqueue(queue, [job('a'), job('b')]);
      const worker = await jobs.work(queue, working({ concurrency: 1, handler }));
      const signal = await started.promise;
      let closed = false;
      const closing = worker.close(60_000).then(() => (closed = true));
      await reachesDepth({ runnable: 1, inflight: 1 });
      expect([closed, signal.aborted]).toEqual([false, false]);
      release.resolve();
      await closing;
      expect(signal.aborted).toBe(false);
      expect(await jobs.depth(queue)).toMatchObject({ runnable: 1, inflight: 0 });
    });

    it('hands back what outlasts the budget, without counting an attempt', async () => {
      const { jobs, queue, patience, collect, empties } = open();
      const started = Promise.withResolvers<AbortSignal>();
      const handler: WorkOptions['handler'] = (_job, signal) => {
        started.resolve(signal);
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        });
      };
      let failures = 0;
      const onFailure: WorkOptions['onFailure'] = async () => {
        failures++;
        return { action: 'discard' };
      };
      await jobs.enqueue(queue, [job('a')]);
      const worker = await jobs.work(queue, working({ handler, onFailure }));
      const signal = await started.promise;
      const before = Date.now();
      await worker.close(300);
      expect(Date.now() - before).toBeGreaterThanOrEqual(300 - slackMs);
      expect(signal.aborted).toBe(true);
      const seen = await collect();
      await until(() => expect(seen.map(({ id, attempt }) => [id, attempt])).toEqual([['a', 1]]), patience);
      await empties();
      expect(failures).toBe(0);
    });

    it('hands back what ignores the signal', async () => {
      const { jobs, queue, collect, sawAll, empties } = open();
      const started = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      const handler = (): Promise<void> => {
        started.resolve();
        return release.promise;
      };
      await jobs.enqueue(queue, [job('a')]);
      const worker = await jobs.work(queue, working({ handler }));
      await started.promise;
      await worker.close(50);
      expect(await jobs.depth(queue)).toMatchObject({ runnable: 1, inflight: 0 });
      release.resolve();
      await sawAll(await collect(), ['a']);
      await empties();
    });

    it('leaves the queue to the other workers', async () => {
      const { jobs, queue, collect, sawAll } = open();
      const seen: Job[] = [];
      const worker = await jobs.work(queue, working({ handler: async (one) => void seen.push(one) }));
      await worker.close(1_000);
      const others = await collect();
      await jobs.enqueue(queue, [job('a'), job('b')]);
      await sawAll(others, ['a', 'b']);
      expect(seen).toEqual([]);
    });
  });
}
