import { expect, it } from 'vitest';
import { Reservoir } from './reservoir.ts';

it('keeps some of many, all of few, and each as likely as any other', () => {
  const counts = new Map<number, number>();
  for (let run = 0; run < 2_000; run++) {
    const some = new Reservoir<number>(3);
    for (let n = 0; n < 12; n++) some.offer(n);
    expect(new Set(some.all()).size).toBe(3);
    for (const one of some.all()) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  // 500 each; a deviation of five standard deviations.
  for (let n = 0; n < 12; n++) expect(Math.abs(counts.get(n)! - 500)).toBeLessThan(100);
  const few = new Reservoir<string>(3);
  few.offer('a');
  expect(few.all()).toEqual(['a']);
  few.empty();
  expect(few.all()).toEqual([]);
});
