import { describe, expect, it } from 'vitest';
import { FlightLimit } from './flight-limit.ts';

/** An installation that does so many documents a second, each in no less than so many seconds. */
function tried(limit: FlightLimit, { perSecond, seconds }: { perSecond: number; seconds: number }, from = 0) {
  const found: number[] = [];
  for (let now = from; now < from + 120_000; now += 1_000) {
    const finished = Math.min(perSecond, limit.current / seconds);
    limit.note(now, limit.current, finished);
    found.push(limit.current);
  }
  return found;
}

describe('what a tenant may have on its way beside others', () => {
  it('is little where more make each other wait, with a try now and then', () => {
    const found = tried(new FlightLimit(500), { perSecond: 10, seconds: 0.2 });
    expect(Math.max(...found)).toBe(4);
    expect(found.filter((limit) => limit === 4).length).toBeLessThan(30);
    expect(found.at(-1)).toBeLessThanOrEqual(4);
  });

  it('is as much as an installation can work on', () => {
    const found = tried(new FlightLimit(500), { perSecond: 400, seconds: 0.2 });
    expect(found.slice(45).every((limit) => limit >= 64 && limit <= 128)).toBe(true);
  });

  it('never exceeds what it is bounded by', () => {
    expect(Math.max(...tried(new FlightLimit(20), { perSecond: 1_000, seconds: 0.2 }))).toBe(20);
  });

  it('becomes less where each takes longer than before', () => {
    const limit = new FlightLimit(500);
    tried(limit, { perSecond: 400, seconds: 0.2 });
    expect(tried(limit, { perSecond: 20, seconds: 0.2 }, 120_000).at(-1)).toBeLessThan(32);
  });

  it('does not grow where few are pushed', () => {
    const limit = new FlightLimit(500);
    tried(limit, { perSecond: 400, seconds: 0.2 });
    const before = limit.current;
    for (let now = 200_000; now < 260_000; now += 1_000) limit.note(now, 1, 5);
    expect(limit.current).toBeLessThanOrEqual(before);
  });
});
