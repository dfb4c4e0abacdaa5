import { describe, expect, it } from 'vitest';
import type { Outcome } from './push-files.ts';
import { summaryLines, Tally } from './tally.ts';

const tallyOf = (...outcomes: [string, Outcome['state'], Outcome['reason']?][]) => {
  const tally = new Tally();
  for (const [id, state, reason] of outcomes)
    tally.set({ id, path: `/${id}`, state, ...(reason && { reason }) });
  return tally;
};

describe('a tally', () => {
  it('counts the last state of each file', () => {
    const tally = tallyOf(['a', 'accepted'], ['b', 'accepted'], ['a', 'indexed'], ['c', 'unchanged']);
    expect(tally.text).toBe('indexed 1, unchanged 1, accepted 1');
    expect([tally.sent, tally.settled]).toEqual([3, 2]);
  });

  it('sums up with the reason for each file that failed', () => {
    const reason = { code: 'encrypted_document', message: 'Send an unprotected copy.' };
    const tally = tallyOf(['a', 'indexed'], ['b.pdf', 'dead-lettered', reason], ['c', 'refused', reason]);
    expect(summaryLines(tally, 3, 1.25)).toBe(
      [
        'Indexed 1, dead-lettered 1, refused 1 (3 files, 1.3 s)',
        '',
        'id     state          reason',
        'b.pdf  dead-lettered  encrypted_document: Send an unprotected copy.',
        'c      refused        encrypted_document: Send an unprotected copy.',
      ].join('\n'),
    );
  });
});
