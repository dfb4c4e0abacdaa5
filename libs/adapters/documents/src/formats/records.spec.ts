import { describe, expect, it } from 'vitest';
import { recordLine } from './records.ts';

describe('a record', () => {
  it('may have any number of columns', () => {
    const header = Array.from({ length: 200_000 }, (_, column) => `column ${column}`);
    expect(recordLine(header)(['a', '', 'b'])).toBe('column 0: a; column 2: b');
  });

  it('says no empty columns of one name where there are very many', () => {
    const line = recordLine(Array.from({ length: 200_000 }, () => 'Score'));
    expect(line(['', '7'])).toMatch(/^Score:; Score: 7; Score:/);
    expect(line(['', '7']).length).toBeLessThan(10_000);
  });
});
