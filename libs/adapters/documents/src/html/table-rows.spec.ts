import { parseFragment } from 'parse5';
import { describe, expect, it } from 'vitest';
import { elements } from './html-tree.ts';
import { tableLines } from './table-rows.ts';

function linesOf(html: string): string[] {
  const table = [...elements(parseFragment(html))].find(({ tagName }) => tagName === 'table');
  return table ? tableLines(table) : [];
}

describe('cells that span', () => {
  it('are repeated in each row that they reach over', () => {
    expect(linesOf('<table><tr><td rowspan=2>a<td colspan=2>b</tr><tr><td>c<td>d</tr></table>')).toEqual([
      'a | b',
      'a | c | d',
    ]);
  });

  it('are repeated in each column when they are names, and said once when they are values', () => {
    const names = '<tr><th>Mill<th colspan=2>2024</tr><tr><td>Ghent<td>3<td>4</tr>';
    const total = '<tr><td colspan=2>Total<td>7</tr><tr><td rowspan=2 colspan=2>Sum<td>8</tr><tr><td>9</tr>';
    expect(linesOf(`<table>${names}${total}</table>`)).toEqual([
      'Mill | 2024 | 2024',
      'Ghent | 3 | 4',
      'Total |  | 7',
      'Sum |  | 8',
      'Sum |  | 9',
    ]);
  });

  it('do not fill memory because they say so, and lose nothing', () => {
    const wide = `<td colspan="1000" rowspan="1000">${'x'.repeat(90)}</td><td>y</td>`.replaceAll('td', 'th');
    const text = linesOf(`<table>${`<tr>${wide.repeat(20)}</tr>`.repeat(200)}</table>`).join('\n');
    expect(text.length).toBeLessThan(3_000_000);
    expect(text.match(/y/g)).toHaveLength(20 * 200);
  });
});
