import { expect, it } from 'vitest';
import { ndcg, recall } from './ranking-metrics.ts';

const relevant = new Set(['a', 'b']);

it('gives a perfect ranking 1 and a useless one 0', () => {
  expect(ndcg(['a', 'b', 'x'], relevant, 10)).toBe(1);
  expect(ndcg(['x', 'y'], relevant, 10)).toBe(0);
});

it('discounts by the logarithm of the position', () => {
  expect(ndcg(['x', 'a'], new Set(['a']), 10)).toBeCloseTo(1 / Math.log2(3), 10);
});

it('counts what is found within the first k', () => {
  expect(recall(['x', 'a', 'y', 'b'], relevant, 3)).toBe(0.5);
  expect(recall(['x', 'a', 'y', 'b'], relevant, 4)).toBe(1);
});
