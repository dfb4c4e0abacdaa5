import { expect, it } from 'vitest';
import { mean, percentile, rounded } from './statistics.ts';

it('takes percentiles by nearest rank', () => {
  const samples = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentile(samples, 0.5)).toBe(50);
  expect(percentile(samples, 0.99)).toBe(99);
  expect(percentile([7], 0.5)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

it('averages', () => expect(mean([1, 2, 6])).toBe(3));

it.each([
  [0, 0],
  [0.123456, 0.123],
  [1234.5, 1230],
])('rounds %d to %d', (value, short) => expect(rounded(value)).toBe(short));
