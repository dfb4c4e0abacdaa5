import type { Job, WorkOptions } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { until } from '../harness.ts';
import { job, slackMs, type QueueDesk } from './fixtures.ts';

export function failingChecks(open: () => QueueDesk): void {
  describe('failing', () => {
    it('asks what to do about each failure and counts the attempts', async () => {
      const { jobs, queue, patience, collect, empties } = open();
      const failures: [number, string][] = [];
      const onFailure: WorkOptions['onFailure'] = async ({ attempt }, error) => {
        failures.push([attempt, (error as Error).message]);
        return { action: 'retry', delayMs: 0 };
      };
      const handler = ({ attempt }: Job) =>
        attempt < 3 ? Promise.reject(new Error(`failure ${attempt}`)) : Promise.resolve();
      await jobs.enqueue(queue, [job('a')]);
      const seen = await collect({ handler, onFailure });
      await until(() => expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]), patience);
      await empties();
      expect(failures).toEqual([
        [1, 'failure 1'],
        [2, 'failure 2'],
      ]);
      expect(new Set(seen.map(({ enqueuedAt }) => enqueuedAt)).size).toBe(1);
    });

    it('waits before a retry as long as decided, and knows the id meanwhile', async () => {
      const { jobs, queue, patience, collect, reachesDepth } = open();
      const started: number[] = [];
      const handler = (): Promise<void> => {
        started.push(Date.now());
        return started.length === 1 ? Promise.reject(new Error('once')) : Promise.resolve();
      };
      const onFailure = async () => ({ action: 'retry', delayMs: 600 }) as const;
      await jobs.enqueue(queue, [job('a')]);
      await collect({ handler, onFailure });
      await reachesDepth({ runnable: 0, inflight: 0, delayed: 1 });
      expect(await jobs.enqueue(queue, [job('a')])).toBe(0);
      await until(() => expect(started).toHaveLength(2), patience);
      expect(started[1]! - started[0]!).toBeGreaterThanOrEqual(600 - slackMs);
    });

    it('forgets a discarded job', async () => {
      const { jobs, queue, collect, sawAll, empties } = open();
      await jobs.enqueue(queue, [job('a')]);
      const seen = await collect({ handler: () => Promise.reject(new Error('never')) });
      await sawAll(seen, ['a']);
      await empties();
      expect(seen).toHaveLength(1);
      expect(await jobs.enqueue(queue, [job('a')])).toBe(1);
    });

    it('loses nothing when the decision itself fails', async () => {
      const { jobs, queue, patience, collect, empties } = open();
      let decisions = 0;
      const onFailure: WorkOptions['onFailure'] = async () => {
        if (decisions++ === 0) throw new Error('dead letters are down');
        return { action: 'discard' };
      };
      await jobs.enqueue(queue, [job('a')]);
      const seen = await collect({ handler: () => Promise.reject(new Error('no')), onFailure });
      await until(() => expect(decisions).toBe(2), patience);
      await empties();
      expect(seen.map(({ attempt, run }) => [attempt, run])).toEqual([
        [1, 1],
        [1, 2],
      ]);
    });

    it('counts no attempt when a job was to wait, and counts on after it', async () => {
      const { jobs, queue, patience, collect, empties } = open();
      const actions = ['wait', 'wait', 'retry', 'wait'] as const;
      const onFailure: WorkOptions['onFailure'] = async ({ run }) => ({
        action: actions[run - 1]!,
        delayMs: 5,
      });
      const handler = ({ run }: Job) =>
        run <= actions.length ? Promise.reject(new Error()) : Promise.resolve();
      await jobs.enqueue(queue, [job('a')]);
      const seen = await collect({ handler, onFailure });
      await until(() => expect(seen.map(({ run }) => run)).toEqual([1, 2, 3, 4, 5]), patience);
      await empties();
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 2, 2]);
    });

    it('waits before a job that was to wait comes again, and knows the id meanwhile', async () => {
      const { jobs, queue, collect, reachesDepth } = open();
      const onFailure = async () => ({ action: 'wait', delayMs: 60_000 }) as const;
      await jobs.enqueue(queue, [job('a')]);
      await collect({ handler: () => Promise.reject(new Error('away')), onFailure });
      await reachesDepth({ runnable: 0, inflight: 0, delayed: 1 });
      expect(await jobs.enqueue(queue, [job('a')])).toBe(0);
    });
  });
}
