import { describe, expect, it } from 'vitest';
import { DrainRate } from './drain-rate.ts';

describe('DrainRate', () => {
  it('says one second while nothing is known', () => {
    expect(new DrainRate().secondsFor(1_000_000)).toBe(1);
  });

  it('estimates from the tokens per second of work, rounded up', () => {
    const rate = new DrainRate();
    rate.add(500, 0.5);
    rate.add(500, 0.5);
    expect(rate.secondsFor(2500)).toBe(3);
  });

  it('follows a change of speed and never says more than a minute', () => {
    const rate = new DrainRate();
    rate.add(10_000, 1);
    for (let n = 0; n < 120; n++) rate.add(10, 1);
    expect(rate.secondsFor(300)).toBeGreaterThan(15);
    expect(rate.secondsFor(1_000_000)).toBe(60);
  });
});
