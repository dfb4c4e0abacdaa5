import { describe, expect, it } from 'vitest';
import { VirtualCounters } from './virtual-counters.ts';

describe('virtual counters', () => {
  it('lift one that comes back to the least of those who wait, and lower nobody', () => {
    const counters = new VirtualCounters();
    counters.charge('a', 70);
    counters.charge('b', 90);
    counters.lift('c', ['a', 'b']);
    counters.lift('b', ['a']);
    expect([counters.of('b'), counters.of('c')]).toEqual([90, 70]);
  });

  it('lift it to where the last ones were, when nobody waits', () => {
    const counters = new VirtualCounters();
    counters.charge('a', 70);
    counters.rise(['a']);
    counters.charge('a', 5);
    counters.lift('b', []);
    expect(counters.of('b')).toBe(70);
    expect(counters.gap(['a', 'b'])).toBe(5);
  });

  it('keep what a tenant is ahead, and nothing of the others that were ever seen', () => {
    const counters = new VirtualCounters();
    counters.charge('ahead', 1_000);
    for (let n = 0; n < 500; n++) {
      counters.lift(`t${n}`, []);
      counters.charge(`t${n}`, 1);
      counters.rise([`t${n}`]);
    }
    expect(counters.of('ahead')).toBe(1_000);
    expect(counters.size).toBeLessThan(150);
  });
});
