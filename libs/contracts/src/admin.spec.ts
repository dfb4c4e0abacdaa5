import { describe, expect, it } from 'vitest';
import { replayInput } from './admin.ts';
import { complaint } from './complaint.ts';

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

describe('a replay of corrections', () => {
  const event = {
    ...{ specversion: '1.0', id: '1', source: '/shop', type: 'millrace.document.upsert.v1' },
    data: { text: 'As it should have been.' },
  };
  const complaintOf = (body: object) => {
    const { error } = replayInput.safeParse(body);
    return error && complaint(error).detail;
  };

  it('takes whole events only', () => {
    expect(complaintOf({ corrections: [{ id: 'a', event }] })).toBeUndefined();
    const broken = { ...event, data: { text: 5 } };
    expect(complaintOf({ corrections: [{ id: 'a', event: broken }] })).toMatch(
      /^corrections\.0\.event\.data\.text: .*received number/,
    );
  });

  it('names each letter once, and no others', () => {
    const [one, ...more] = [
      { id: 'a', event },
      { id: 'a', event },
    ];
    expect(complaintOf({ corrections: [one, ...more] })).toBe('corrections: must be of different letters');
    expect(complaintOf({ corrections: [one], tenant: 'acme' })).toMatch(
      /^corrections: name their letters themselves/,
    );
  });
});
