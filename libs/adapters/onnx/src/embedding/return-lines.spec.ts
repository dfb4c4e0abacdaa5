import { DrainRate } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { ReturnLines } from './return-lines.ts';

/** 100 tokens a second. */
function setting() {
  const clock = { now: 0 };
  const drain = new DrainRate();
  drain.add(100, 1);
  return { lines: new ReturnLines(drain, () => clock.now), clock };
}

describe('those who were refused', () => {
  it('are told times one after the other, so that there is room for each', () => {
    const { lines } = setting();
    const told = Array.from({ length: 6 }, () => lines.join('a', 200, 200));
    expect(told).toEqual([2, 4, 6, 8, 10, 12]);
  });

  it('are told no less for many short requests than for a long one', () => {
    const { lines } = setting();
    const last = Array.from({ length: 10 }, () => lines.join('a', 200, 200)).at(-1);
    expect([last, lines.join('b', 2000, 2000)]).toEqual([20, 20]);
  });

  it('do not stand behind other groups, nor behind those whose time has come', () => {
    const { lines, clock } = setting();
    for (let n = 0; n < 5; n++) lines.join('a', 200, 200);
    expect(lines.join('b', 200, 200)).toBe(2);
    clock.now = 8_000;
    expect(lines.join('a', 200, 200)).toBe(4);
    clock.now = 60_000;
    expect(lines.join('a', 200, 50)).toBe(1);
  });

  it('are told a minute at most, however often they ask', () => {
    const { lines, clock } = setting();
    for (let n = 0; n < 1000; n++) lines.join('a', 200, 200);
    expect(lines.join('a', 200, 200)).toBe(60);
    clock.now = 58_000;
    expect(lines.join('a', 200, 200)).toBe(4);
  });
});
