import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

describe('backoffMs', () => {
  it('doubles up to half a minute', () => {
    expect([1, 2, 3, 4, 10, 10_000].map((failures) => backoffMs(failures, 500, 0.5))).toEqual([
      500, 1_000, 2_000, 4_000, 30_000, 30_000,
    ]);
  });

  it('scatters, so that partitions do not come back all at once', () => {
    expect(backoffMs(1, 500, 0)).toBe(375);
    expect(backoffMs(1, 500, 1)).toBe(625);
  });
});
