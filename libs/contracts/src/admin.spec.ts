import { describe, expect, it } from 'vitest';
import { replayInput } from './admin.ts';

describe('a replay by time', () => {
  const [early, late] = ['2026-03-01T09:00:00Z', '2026-03-01T11:00:00+01:00'];

  it('is of a span', () => {
    expect(replayInput.safeParse({ since: early, until: late }).success).toBe(true);
    expect(replayInput.safeParse({ since: late }).success).toBe(true);
  });

  it.each([
    { since: late, until: early },
    { since: early, until: early },
  ])('is refused where nothing can lie between: %j', (body) => {
    expect(replayInput.safeParse(body).error?.issues).toMatchObject([
      { path: ['since'], message: 'must be before until' },
    ]);
  });

  it('is refused at a day that is not', () => {
    expect(replayInput.safeParse({ since: '2026-02-30T00:00:00Z' }).success).toBe(false);
  });
});
