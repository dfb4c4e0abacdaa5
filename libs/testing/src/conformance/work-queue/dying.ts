import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { until } from '../harness.ts';
import { job, type QueueDesk } from './fixtures.ts';

export function dyingChecks(open: () => QueueDesk): void {
  describe('dying', () => {
    it('keeps what it acknowledged although it is killed at once', async () => {
      const desk = open();
      const { queue, collect, sawAll } = desk;
      await desk.jobs.enqueue(queue, [job('a'), { ...job('b'), delayMs: 300 }]);
      await desk.crash();
      await sawAll(await collect(), ['a', 'b']);
    });

    it('gives the job of a killed worker out again, the death counted and no attempt', async () => {
      const desk = open();
      const { queue, patience, collect, sawAll, empties } = desk;
      await desk.jobs.enqueue(queue, [job('a')]);
      const stuck = { handler: () => new Promise<void>(() => undefined), leaseMs: 1_000 };
      await sawAll(await collect(stuck), ['a']);
      await desk.crash();
      expect(await desk.jobs.enqueue(queue, [job('a')])).toBe(0);
      const seen = await collect({ leaseMs: 1_000 });
      await until(() => expect(seen).toHaveLength(1), patience);
      expect(seen).toMatchObject([{ attempt: 1, deaths: 1, run: 2 }]);
      await empties();
    });

    it('leaves a job to its worker for as long as the handler runs', async () => {
      const desk = open();
      const { queue, collect, empties } = desk;
      await desk.jobs.enqueue(queue, [job('long')]);
      const options = { leaseMs: 500, handler: () => pause(2_500) };
      const one = await collect(options);
      const other = await collect(options);
      await empties();
      expect([...one, ...other]).toHaveLength(1);
    });
  });
}
