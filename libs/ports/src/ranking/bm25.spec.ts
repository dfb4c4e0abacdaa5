import { describe, expect, it } from 'vitest';
import { Bm25 } from './bm25.ts';

describe('Bm25', () => {
  const bm25 = new Bm25({ chunks: 4, terms: 12 });

  it('gives a rare term more weight, and one that all have a little', () => {
    expect(bm25.weight(1)).toBeCloseTo(Math.log(1 + 3.5 / 1.5), 12);
    expect(bm25.weight(4)).toBeCloseTo(Math.log(1 + 0.5 / 4.5), 12);
  });

  it('counts one occurrence in a chunk of mean length as 1', () => {
    expect(bm25.match(1, 3)).toBeCloseTo(1, 12);
  });

  it('counts repetitions less and less, and longer chunks less', () => {
    expect(bm25.match(2, 3) - bm25.match(1, 3)).toBeGreaterThan(bm25.match(3, 3) - bm25.match(2, 3));
    expect(bm25.match(1, 6)).toBeCloseTo(2.2 / (1 + 1.2 * (0.25 + 1.5)), 12);
    expect(bm25.match(1_000_000, 3)).toBeLessThan(2.2);
  });
});
