import { describe, expect, it } from 'vitest';
import { isSettled, reportText } from './report.ts';

const difference = { what: 'partitions' as const, wanted: '12', actual: '6' };
const differs = { name: 'documents.v1', state: 'differs' as const, differences: [difference] };
const made = { name: 'documents.v1.dlq', state: 'created' as const, differences: [] };

describe('the report on topics', () => {
  it('says of each topic what became of it, and what differs', () => {
    expect(reportText([differs, made])).toBe(
      'differs  documents.v1\n         partitions is 6, declared 12\ncreated  documents.v1.dlq',
    );
    expect(reportText([{ ...differs, state: 'changed' }])).toContain('partitions was 6');
  });

  it('is settled when nothing is missing and no drift is left', () => {
    expect(isSettled([made, { ...differs, state: 'changed' }])).toBe(true);
    expect(isSettled([made, differs])).toBe(false);
    expect(isSettled([{ ...made, state: 'missing' }])).toBe(false);
  });
});
