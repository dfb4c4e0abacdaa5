import { describe, expect, it } from 'vitest';
import { TextBuilder } from '../text-builder.ts';
import { addSheet } from './records.ts';

/** Those that are walked again for each row, or each table, take minutes. */
describe('a sheet of very many rows', () => {
  it('may begin with titles, with tables below', () => {
    expect(lastLine(times(150_000, 'k'), times(60_000, 't', 'u,v'))).toBe('u | v');
  });

  it('may have rows of very many empty cells', () => {
    const wide = times(10, `Ann,Ulm${','.repeat(40_000)}`);
    expect(lastLine(['Name,Code'], wide, tables)).toBe('Name: Cid; Code: 7');
  });

  it.each(['1', '-'])('may have long cells: %s', (sign) => {
    const long = times(100, `Ann,${sign.repeat(4_000)}x`);
    expect(lastLine(['Name,Code'], long, tables)).toBe('Name: Cid; Code: 7');
  });

  it('may have very many that look like sums', () => {
    const items = times(60_000, 'Wheel,oak,3');
    expect(lastLine(['Item,Kind,Price'], items, times(60_000, ',total,3'))).toBe('Kind: total; Price: 3');
  });
});

const times = (count: number, ...rows: string[]): string[] =>
  Array.from({ length: count }, () => rows).flat();

const tables = times(30_000, '', 'Bob,Kiel', 'Cid,7');

function lastLine(...parts: string[][]): string | undefined {
  const builder = new TextBuilder(20_000_000);
  const rows = parts.flat().map((row) => row.split(','));
  addSheet(builder, rows);
  return builder.build().text.split('\n').at(-1);
}
