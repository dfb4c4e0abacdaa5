import type { AnswerUsage, UsageQuery } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { unique } from '../harness.ts';
import type { Desk } from './fixtures.ts';

const noon = Date.parse('2026-03-01T12:00:00Z');
const day = 86_400_000;

export function usageChecks(open: () => Desk): void {
  describe('usage', () => {
    const used = ({ tenant }: Desk, more: Partial<AnswerUsage> = {}): AnswerUsage => ({
      ...{ answer: unique('answer'), tenant, at: noon, model: 'm', backend: 'b', outcome: 'complete' },
      ...{ promptTokens: 10, completionTokens: 3, estimated: false, cost: 0.5, ...more },
    });
    const sums = (desk: Desk, more: Partial<UsageQuery> = {}) =>
      desk.registry.usage.sums({
        ...{ tenant: desk.tenant, since: '2026-03-01', until: '2026-03-31', limit: 100, ...more },
      });

    it('is added up by day and by all that tells answers apart', async () => {
      const desk = open();
      for (const more of [{}, { estimated: true }, { model: 'n' }, { at: noon + day }, { outcome: 'failed' }])
        expect(await desk.registry.usage.add(used(desk, more))).toBe(true);
      const first = { tenant: desk.tenant, day: '2026-03-01', model: 'm', backend: 'b', outcome: 'complete' };
      const one = { answers: 1, estimated: 0, promptTokens: 10, completionTokens: 3, cost: 0.5 };
      expect(await sums(desk)).toEqual([
        { ...first, answers: 2, estimated: 1, promptTokens: 20, completionTokens: 6, cost: 1 },
        { ...first, ...one, outcome: 'failed' },
        { ...first, ...one, model: 'n' },
        { ...first, ...one, day: '2026-03-02' },
      ]);
      expect(await sums(desk, { since: '2026-03-02' })).toHaveLength(1);
      expect(await sums(desk, { until: '2026-03-01', limit: 2 })).toHaveLength(2);
    });

    it('counts an answer once, however often it is told, at the same time too', async () => {
      const desk = open();
      const same = used(desk);
      const told = await Promise.all(Array.from({ length: 20 }, () => desk.registry.usage.add(same)));
      expect(told.filter(Boolean)).toHaveLength(1);
      expect(await sums(desk)).toMatchObject([{ answers: 1 }]);
    });

    it('loses none of many at once', async () => {
      const desk = open();
      await Promise.all(Array.from({ length: 100 }, () => desk.registry.usage.add(used(desk))));
      expect(await sums(desk)).toMatchObject([{ answers: 100, promptTokens: 1_000, cost: 50 }]);
    });

    it('keeps its sums when answers are forgotten, and tenants apart', async () => {
      const [desk, other] = [open(), open()];
      const old = used(desk, { at: noon - 10 * day });
      await desk.registry.usage.add(old);
      await other.registry.usage.add(used(other));
      expect(await desk.registry.usage.forget(noon - 9 * day)).toBeGreaterThanOrEqual(1);
      const query = { since: '2026-02-01' };
      expect(await sums(desk, query)).toMatchObject([{ day: '2026-02-19', answers: 1 }]);
      expect(await sums(other, query)).toMatchObject([{ tenant: other.tenant, answers: 1 }]);
      expect(await desk.registry.usage.add(old)).toBe(true);
    });
  });
}
