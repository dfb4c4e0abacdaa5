import type { QuotaStanding } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { rateLimitHeaders } from './rate-limit-headers.ts';

const standing = (
  measure: QuotaStanding['limit']['measure'],
  remaining: number,
  resetMs: number,
): QuotaStanding => ({ limit: { measure, max: 100, windowMs: 60_000 }, remaining, resetMs });

describe('rate limit headers', () => {
  it('are those of OpenAI, of what is used up first', () => {
    const standings = [
      standing('requests', 3, 1_001),
      standing('tokens', 50, 500),
      standing('tokens', 20, 360_000),
      standing('spend', 0, 1),
    ];
    expect(Object.fromEntries(rateLimitHeaders(standings))).toEqual({
      'x-ratelimit-limit-requests': '100',
      'x-ratelimit-remaining-requests': '3',
      'x-ratelimit-reset-requests': '2s',
      'x-ratelimit-limit-tokens': '100',
      'x-ratelimit-remaining-tokens': '20',
      'x-ratelimit-reset-tokens': '6m0s',
    });
  });

  it.each([
    [1, '1s'],
    [60_000, '1m0s'],
    [3_600_000, '1h0m0s'],
    [86_399_000, '23h59m59s'],
  ])('say when %d ms are over: %s', (ms, shown) => {
    expect(Object.fromEntries(rateLimitHeaders([standing('tokens', 1, ms)]))).toMatchObject({
      'x-ratelimit-reset-tokens': shown,
    });
  });
});
