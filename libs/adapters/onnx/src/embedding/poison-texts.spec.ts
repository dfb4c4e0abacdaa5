import { describe, expect, it } from 'vitest';
import { PoisonTexts } from './poison-texts.ts';

const text = (...ids: number[]): Int32Array => Int32Array.from(ids);

describe('texts that ended their workers', () => {
  it('are known again by their ids', () => {
    const poison = new PoisonTexts(() => 0);
    expect(poison.has(text(1, 2))).toBe(false);
    poison.add(text(1, 2));
    expect(poison.has(text(0, 1, 2, 3).subarray(1, 3))).toBe(true);
    expect(poison.has(text(1, 2, 3))).toBe(false);
  });

  it('are forgotten after an hour, since it may have been the machine', () => {
    let now = 0;
    const poison = new PoisonTexts(() => now);
    poison.add(text(1));
    now = 3_599_999;
    expect(poison.has(text(1))).toBe(true);
    now = 3_600_000;
    expect(poison.has(text(1))).toBe(false);
  });

  it('are forgotten, the oldest first, when there are many', () => {
    const poison = new PoisonTexts(() => 0);
    for (let id = 0; id <= 1000; id++) poison.add(text(id));
    expect([0, 1, 1000].map((id) => poison.has(text(id)))).toEqual([false, true, true]);
  });
});
