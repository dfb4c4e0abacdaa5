import { describe, expect, it } from 'vitest';
import { settle } from './settle.ts';

describe('settle', () => {
  it('looks until it sees', async () => {
    let looks = 0;
    expect(await settle(async () => (++looks < 5 ? undefined : looks))).toBe(5);
  });

  it('gives up', async () => {
    let looks = 0;
    const looking = settle(async () => void looks++);
    await expect(looking).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(looks).toBe(24);
  });
});
