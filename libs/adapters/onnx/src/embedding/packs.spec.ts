import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packs } from './packs.ts';

const someLengths = fc.array(fc.integer({ min: 2, max: 512 }), { maxLength: 60 });

describe('packs', () => {
  it('keeps texts of like length together', () => {
    expect(packs([500, 12, 490, 10, 11], 2_000)).toEqual([
      [3, 4, 1],
      [2, 0],
    ]);
  });

  it('pads rather than make a run for a few tokens more', () => {
    expect(packs([100, 120], 2_000)).toEqual([[0, 1]]);
  });

  it('gives a text that is longer than a run a run of its own', () => {
    expect(packs([512, 512, 8], 256)).toEqual([[2], [0], [1]]);
  });

  it('loses no text, doubles none, and exceeds no budget', () => {
    fc.assert(
      fc.property(someLengths, fc.integer({ min: 2, max: 4_096 }), (lengths, most) => {
        const runs = packs(lengths, most);
        expect(runs.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()]);
        for (const run of runs) {
          const longest = Math.max(...run.map((index) => lengths[index]!));
          expect(run.length === 1 || run.length * longest <= most).toBe(true);
        }
      }),
    );
  });

  it('takes no more than one text a run, nor than all that fit in the order of their lengths', () => {
    const cost = (lengths: readonly number[], runs: readonly (readonly number[])[]): number =>
      runs.reduce((sum, run) => sum + 256 + run.length * Math.max(...run.map((at) => lengths[at]!)), 0);
    const greedy = (lengths: readonly number[], most: number): number[][] => {
      const runs: number[][] = [];
      for (const at of [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]!)) {
        const last = runs.at(-1);
        if (last && (last.length + 1) * lengths[at]! <= most) last.push(at);
        else runs.push([at]);
      }
      return runs;
    };
    fc.assert(
      fc.property(someLengths, fc.integer({ min: 512, max: 4_096 }), (lengths, most) => {
        const own = cost(lengths, packs(lengths, most));
        const single = lengths.map((_, at) => [at]);
        for (const other of [single, greedy(lengths, most)])
          expect(own).toBeLessThanOrEqual(cost(lengths, other));
      }),
    );
  });
});
