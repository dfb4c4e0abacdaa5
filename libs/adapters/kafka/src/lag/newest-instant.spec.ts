import { describe, expect, it } from 'vitest';
import { newestBefore } from './newest-instant.ts';

const now = 1_800_000_000_000;

async function search(instant: number): Promise<{ found: number; questions: number }> {
  let questions = 0;
  const found = await newestBefore(now, async (asked) => {
    questions++;
    return asked > instant;
  });
  return { found, questions };
}

describe('newestBefore', () => {
  it('finds the very millisecond, near or far', async () => {
    for (const age of [0, 1, 999, 1_000, 1_001, 65_432, 7 * 24 * 3_600_000])
      expect((await search(now - age)).found).toBe(now - age);
    expect((await search(0)).found).toBe(0);
  });

  it('asks little for what is new', async () => {
    expect((await search(now - 5_000)).questions).toBeLessThan(20);
    expect((await search(now - 7 * 24 * 3_600_000)).questions).toBeLessThan(55);
  });
});
