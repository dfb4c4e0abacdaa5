import { inlineText } from './inline-text.ts';
import { attribute, cellsOf, isLeftOut, rowsOf, type HtmlElement } from './html-tree.ts';

/** A value longer than this is said once, not again in each row and column that its cell spans. */
const longestRepeated = 100;
/** Spanned places of one table that are filled; more are an attempt to make us fill memory. */
const maxRepeated = 20_000;
/** The limit of HTML. */
const widestSpan = 1000;

/**
 * The rows of a table as lines. A cell that spans rows is repeated in them, and a name that spans columns in those, so
 * that each row is whole; a value that spans columns is said once, and the places beside it stay empty.
 */
export function tableLines(table: HtmlElement): string[] {
  const grid = new Grid();
  return rowsOf(table).map((row) => grid.lineOf(row));
}

interface Reaching {
  readonly text: string;
  readonly lastRow: number;
}

class Grid {
  /** Cells of rows above that reach down, by column. */
  private readonly reaching = new Map<number, Reaching>();
  private part: HtmlElement['parentNode'] = null;
  private row = -1;
  private repeated = 0;

  lineOf(row: HtmlElement): string {
    const cells = cellsOf(row);
    if (isLeftOut(row) || cells.length === 0) return '';
    this.begin(row);
    const line: string[] = [];
    for (const cell of cells) {
      this.fillFromAbove(line);
      this.place(cell, line, cells.length > 1);
    }
    this.fillFromAbove(line);
    return line.slice(0, line.findLastIndex((cell) => cell !== '') + 1).join(' | ');
  }

  /** No cell reaches out of its head, body or foot. */
  private begin(row: HtmlElement): void {
    this.row += 1;
    if (row.parentNode !== this.part) this.reaching.clear();
    this.part = row.parentNode;
    for (const [column, { lastRow }] of this.reaching) if (lastRow < this.row) this.reaching.delete(column);
  }

  private fillFromAbove(line: string[]): void {
    for (
      let above = this.reaching.get(line.length);
      above && this.repeated < maxRepeated;
      above = this.reaching.get(line.length)
    )
      line.push(this.again(above.text));
  }

  /** What spans the whole row is a title of the rows below it, and said once. */
  private place(cell: HtmlElement, line: string[], hasOthers: boolean): void {
    const text = isLeftOut(cell) ? '' : inlineText(cell);
    const columns = hasOthers || line.length > 0 ? spanOf(cell, 'colspan') : 1;
    const rows = spanOf(cell, 'rowspan');
    for (let n = 0; n === 0 || (n < columns && this.repeated < maxRepeated); n++) {
      const here = n === 0 || cell.tagName === 'th' ? text : '';
      if (rows > 1) this.reaching.set(line.length, { text: here, lastRow: this.row + rows - 1 });
      line.push(n === 0 ? here : this.again(here));
    }
  }

  private again(text: string): string {
    this.repeated += 1;
    return text.length > longestRepeated ? '' : text;
  }
}

function spanOf(cell: HtmlElement, name: 'colspan' | 'rowspan'): number {
  const span = Number(attribute(cell, name) ?? 1);
  return Number.isInteger(span) && span > 0 ? Math.min(span, widestSpan) : 1;
}
