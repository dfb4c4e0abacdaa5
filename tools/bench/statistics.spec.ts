import { expect, it } from 'vitest';
import { areaUnderCurve, bootstrapInterval, mean, percentile, rounded, shareInterval } from './statistics.ts';

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

it('knows how sure a share is', () => {
  const { low, high } = shareInterval(50, 100);
  expect([low, high].map(rounded)).toEqual([40.4, 59.6]);
  expect(shareInterval(0, 100)).toMatchObject({ low: 0 });
});

it.each([
  [[3, 4], [1, 2], 1],
  [[1, 2], [3, 4], 0],
  [[1, 1], [1, 1], 0.5],
  [[2, 4], [1, 3], 0.75],
])('tells how well %j stands above %j', (high, low, area) => expect(areaUnderCurve(high, low)).toBe(area));

it('draws again and again to know how sure a figure is', () => {
  const samples = Array.from({ length: 100 }, (_, at) => at);
  const { low, high } = bootstrapInterval(samples, mean);
  expect(low).toBeGreaterThan(40);
  expect(high).toBeLessThan(60);
  expect(low).toBeLessThan(high);
});
