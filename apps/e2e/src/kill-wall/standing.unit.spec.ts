import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Operation } from './sender.ts';
import { Standing } from './standing.ts';
import { History, type Way } from './testing/history.ts';

const answered = ['put', 'delete'] as const;
const open = ['tried put', 'tried delete', 'late'] as const;
type Step = (typeof answered)[number] | (typeof open)[number];

function historyOf(way: Way, steps: readonly Step[]): History {
  let edition = 0;
  const history = new History(way, () => ++edition);
  for (const step of steps)
    if (step === 'tried put') history.tried('put');
    else if (step === 'tried delete') history.tried('delete');
    else history[step]();
  return history;
}

const standingOf = (way: Way, { journal }: History): Standing =>
  new Standing(journal, { deletesUnknown: way === 'topic' });

const steps = (...of: readonly Step[]) => fc.array(fc.constantFrom(...of), { maxLength: 12 });

/** One delete is as good as another. */
const isLike =
  (last: Operation | undefined) =>
  (maker: Operation): boolean =>
    maker === last || (maker.kind === 'delete' && last?.kind === 'delete');

it.each(['http', 'topic'] as const)('counts the versions exactly where all is answered: %s', (way) => {
  fc.assert(
    fc.property(steps(...answered), (all) => {
      const history = historyOf(way, all);
      const { lowest, highest, flaws } = standingOf(way, history);
      expect({ lowest, highest, flaws }).toEqual({
        lowest: history.version,
        highest: history.version,
        flaws: [],
      });
    }),
    { numRuns: 500 },
  );
});

it('allows for every try without an answer, whether and whenever it happened', () => {
  fc.assert(
    fc.property(steps(...answered, ...open), (all) => {
      const history = historyOf('http', all);
      const standing = standingOf('http', history);
      expect(standing.flaws).toEqual([]);
      expect(history.version).toBeGreaterThanOrEqual(standing.lowest);
      expect(history.version).toBeLessThanOrEqual(standing.highest);
      expect(standing.makersOf(history.version).some(isLike(history.last))).toBe(history.version > 0);
    }),
    { numRuns: 2000 },
  );
});

it('is exact again about a try that a later answer shows to have happened', () => {
  const history = historyOf('http', ['put', 'tried put', 'late', 'put']);
  const { lowest, highest } = standingOf('http', history);
  expect({ lowest, highest }).toEqual({ lowest: 3, highest: 3 });
});
