import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, cutsOf } from './cuts.ts';
import { sum } from './exchanges.ts';

const bounds = boundsOf(1_000)!;
const sizes = fc.array(fc.integer({ min: 0, max: 6_000 }), { maxLength: 40 });

describe('the cut of a conversation', () => {
  it('is none without a bound, or within it', () => {
    expect(boundsOf(0)).toBeUndefined();
    expect(cutsOf([2_000, 2_000], bounds)).toEqual([]);
    expect(cutsOf([9_000], bounds)).toEqual([]);
  });

  it('goes down to half of the bound, and stays until the other half is full', () => {
    const thousand = (turns: number) => cutsOf(Array<number>(turns).fill(1_000), bounds);
    expect([4, 5, 6, 7].map(thousand)).toEqual([[], [3], [3], [3, 5]]);
  });

  it('leaves no more than the bound, unless the newest exchange alone is more', () => {
    fc.assert(
      fc.property(sizes, (some) => {
        const cut = cutsOf(some, bounds).at(-1) ?? 0;
        const kept = some.slice(cut);
        if (kept.length > 1)
          expect(sum(kept) + (cut > 0 ? bounds.preface : 0)).toBeLessThanOrEqual(bounds.whole);
        if (some.length > 0) expect(kept).not.toEqual([]);
      }),
    );
  });

  it('never moves back, and knows where it was before the last turns', () => {
    fc.assert(
      fc.property(sizes, fc.nat(40), (some, turns) => {
        const now = cutsOf(some, bounds);
        const before = cutsOf(some.slice(0, turns), bounds);
        expect(now.slice(0, before.length)).toEqual(before);
        expect(now).toEqual([...now].sort((a, b) => a - b));
      }),
    );
  });
});
