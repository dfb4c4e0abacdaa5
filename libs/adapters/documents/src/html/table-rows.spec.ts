import { parseFragment } from 'parse5';
import { describe, expect, it } from 'vitest';
import { elements } from './html-tree.ts';
import { tableLines } from './table-rows.ts';

function linesOf(html: string): string[] {
  const table = [...elements(parseFragment(html))].find(({ tagName }) => tagName === 'table');
  return table ? tableLines(table) : [];
}

describe('cells that span', () => {
  it('are repeated where the table says', () => {
    expect(linesOf('<table><tr><td rowspan=2>a<td colspan=2>b</tr><tr><td>c<td>d</tr></table>')).toEqual([
      'a | b | b',
      'a | c | d',
    ]);
  });

  it('do not fill memory because they say so, and lose nothing', () => {
    const wide = `<td colspan="1000" rowspan="1000">${'x'.repeat(90)}</td><td>y</td>`;
    const text = linesOf(`<table>${`<tr>${wide.repeat(20)}</tr>`.repeat(200)}</table>`).join('\n');
    expect(text.length).toBeLessThan(3_000_000);
    expect(text.match(/y/g)).toHaveLength(20 * 200);
  });
});
