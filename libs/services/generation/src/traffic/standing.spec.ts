import { MillraceError, type ErrorCode } from '@millrace/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { Standing } from './standing.ts';

let standing: Standing;
beforeEach(() => {
  standing = new Standing();
});

const error = (code: ErrorCode, retryAfter?: number) => new MillraceError(code, { retryAfter });

/** An answer of so many pieces, each as long after the one before. */
function answer({ at = 0, firstMs = 100, pieces = 5, eachMs = 10 } = {}): number {
  const watched = standing.begin(at);
  for (let n = 0; n < pieces; n++) watched.said(at + firstMs + n * eachMs);
  const end = at + firstMs + (pieces - 1) * eachMs;
  watched.completed(end);
  return end;
}

function fail(times: number, at = 0): void {
  for (let n = 0; n < times; n++) standing.begin(at).failed(error('backend_error'), at);
}

describe('what is expected of a back end', () => {
  it('is nothing at first, then its first word and what follows', () => {
    expect(standing.forecast(Infinity, 0)).toBe(0);
    const now = answer();
    expect(standing.forecast(0, now)).toBe(100);
    expect(standing.forecast(Infinity, now)).toBe(150);
  });

  it('is no more than the request allows it to say', () => {
    const now = answer({ pieces: 100 });
    expect(standing.forecast(10, now)).toBe(200);
  });

  it('counts those that still wait for their first word', () => {
    const now = answer();
    const waiting = standing.begin(now);
    expect(standing.forecast(0, now + 3_000)).toBe(3_000);
    waiting.left(now + 3_000);
    expect(standing.forecast(0, now + 3_000)).toBeGreaterThan(1_000);
  });

  it('does not become better by askers who leave early', () => {
    const now = answer();
    standing.begin(now).left(now + 1);
    expect(standing.forecast(0, now)).toBe(100);
  });

  it('is what a look at it has found, whatever was before', () => {
    const now = answer({ firstMs: 5_000 });
    standing.found({ firstWordMs: 50, pieceMs: 2 });
    expect(standing.forecast(5, now)).toBe(60);
  });
});

describe('a back end that fails', () => {
  it('rests after the third time in a row', () => {
    fail(2);
    expect(standing.rests(0)).toBe(false);
    answer();
    fail(2);
    expect(standing.rests(0)).toBe(false);
    fail(1);
    expect(standing.rests(1e9)).toBe(true);
  });

  it('has not failed where the request was at fault', () => {
    for (let n = 0; n < 5; n++) standing.begin(0).failed(error('backend_refused'), 0);
    expect(standing.rests(0)).toBe(false);
  });

  it('is well again by an answer or a look', () => {
    fail(3);
    answer();
    expect(standing.rests(0)).toBe(false);
    fail(3);
    standing.found({ firstWordMs: 10 });
    expect(standing.rests(0)).toBe(false);
  });

  it('stays away as long as it asked for, which is no failure', () => {
    for (let n = 0; n < 5; n++) standing.begin(0).failed(error('queue_full', 7), 0);
    expect([standing.rests(6_999), standing.rests(7_000)]).toEqual([true, false]);
    standing.begin(0).failed(error('queue_full', 1e6), 0);
    expect(standing.rests(60_000)).toBe(false);
  });
});

describe('the time to look at it', () => {
  it('comes seldomer each time, but at least each ten seconds, until it is well', () => {
    fail(3);
    const looks = [];
    for (let now = 0; now <= 40_000; now += 100) if (standing.takeLook(now)) looks.push(now);
    expect(looks).toEqual([1_000, 3_000, 7_000, 15_000, 25_000, 35_000]);
    standing.found({ firstWordMs: 1 });
    fail(3, 50_000);
    expect([standing.takeLook(50_900), standing.takeLook(51_000)]).toEqual([false, true]);
  });

  it('is not before the time that it asked for', () => {
    standing.begin(0).failed(error('queue_full', 5), 0);
    expect([standing.takeLook(4_900), standing.takeLook(5_000)]).toEqual([false, true]);
  });
});
