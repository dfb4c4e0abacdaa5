import { describe, expect, it } from 'vitest';
import { timeFor } from './parser-process.ts';

describe('timeFor', () => {
  it('grows with the file, from a quarter of a minute up to the limit', () => {
    expect([0, 200_000, 1_000_000, 50_000_000].map((bytes) => timeFor(bytes, 60_000))).toEqual([
      15_000, 24_000, 60_000, 60_000,
    ]);
    expect(timeFor(0, 300)).toBe(300);
  });

  it('is a tenth of that in a hurry', () => {
    expect([0, 200_000, 1_000_000].map((bytes) => timeFor(bytes, 60_000, true))).toEqual([
      1_500, 2_500, 6_500,
    ]);
    expect(timeFor(0, 300, true)).toBe(300);
  });
});
