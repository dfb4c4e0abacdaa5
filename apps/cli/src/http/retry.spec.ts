import { describe, expect, it } from 'vitest';
import { ApiError, CliError, ConnectionError } from '../errors.ts';
import { readRetryAfter, retryWait } from './retry.ts';

describe('whether to try again', () => {
  it('takes the server at its word', () => {
    const wait = retryWait(new ApiError(429, 'queue_full', 'Full.', 2), 1, false);
    expect(wait).toBeGreaterThanOrEqual(2000);
    expect(wait).toBeLessThanOrEqual(2500);
  });

  it('backs off when the server gives no time, up to a bound', () => {
    const busy = new ApiError(503, 'dependency_unavailable', 'Away.');
    for (const [attempt, longest] of [
      [1, 500],
      [3, 2000],
      [40, 30_000],
    ] as const) {
      const wait = retryWait(busy, attempt, false)!;
      expect(wait).toBeGreaterThanOrEqual(longest / 2);
      expect(wait).toBeLessThanOrEqual(longest);
    }
  });

  it('does not insist where a person is needed or the request is wrong', () => {
    expect(retryWait(new ApiError(503, 'models_missing', 'Missing.'), 1, true)).toBeUndefined();
    expect(retryWait(new ApiError(422, 'empty_document', 'Empty.'), 1, true)).toBeUndefined();
    expect(retryWait(new CliError('Wrong.'), 1, true)).toBeUndefined();
  });

  it('repeats after a broken connection only what may arrive twice', () => {
    expect(retryWait(new ConnectionError('Broke.'), 1, true)).toBeGreaterThan(0);
    expect(retryWait(new ConnectionError('Broke.'), 1, false)).toBeUndefined();
  });
});

describe('Retry-After', () => {
  it('holds seconds or a date', () => {
    expect(readRetryAfter('3')).toBe(3);
    expect(readRetryAfter('Thu, 01 Jan 2026 00:00:10 GMT', Date.parse('2026-01-01T00:00:04Z'))).toBe(6);
    for (const header of [null, '', 'soon']) expect(readRetryAfter(header)).toBeUndefined();
  });
});
