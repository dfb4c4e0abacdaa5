import { columnOf, maxColumns, put } from './cell-places.ts';
import { unescaped } from './escaped-text.ts';
import { mergedRange, withMergedCells, type MergedRange, type SheetRow } from './merged-cells.ts';
import type { NumberStyles } from './number-styles.ts';
import { StringReader } from './string-reader.ts';
import { readXml } from './xml.ts';

/** The strings that cells refer to by number. */
export function sharedStrings(xml: Uint8Array | undefined): string[] {
  const strings: string[] = [];
  const reader = new StringReader();
  const { open, text, close } = reader.events;
  readXml(xml ?? '', {
    open,
    text,
    close: (name) => {
      close(name);
      if (name === 'si') strings.push(reader.take());
    },
  });
  return strings;
}

export interface CellContext {
  readonly strings: readonly string[];
  readonly numbers: NumberStyles;
  /** Rows of the sheet are out of sight because a filter is set: they are read. */
  readonly isFiltered: boolean;
}

/** The rows of a sheet as text, hidden ones left out, empty ones as one that has no cells. */
export function readCells(xml: Uint8Array, { strings, numbers, isFiltered }: CellContext): string[][] {
  const rows: SheetRow[] = [];
  const merged: MergedRange[] = [];
  const hiddenColumns = new HiddenColumns();
  let row: string[] = [];
  let number = 0;
  let isShown = true;
  let cell: Readonly<Record<string, string>> = {};
  let value = '';
  let inValue = false;
  const inline = new StringReader();
  const shown = (): string => {
    if (cell['t'] === 's') return strings[Number(value)] ?? '';
    if (cell['t'] === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    if (cell['t'] === 'str') return unescaped(value);
    return cell['t'] === undefined || cell['t'] === 'n' ? numbers.format(value, cell['s']) : value;
  };
  readXml(xml, {
    open: (name, attributes) => {
      if (name === 'col') hiddenColumns.add(attributes);
      if (name === 'row') [row, isShown] = [[], isFiltered || !isHidden(attributes)];
      if (name === 'row') number = Number(attributes['r']) || number + 1;
      if (name === 'mergeCell') merged.push(...[mergedRange(attributes['ref']) ?? []].flat());
      if (name === 'c') [cell, value] = [attributes, ''];
      if (name === 'v') inValue = true;
      inline.events.open(name, attributes);
    },
    text: (text) => {
      if (inValue) value += text;
      inline.events.text(text);
    },
    close: (name) => {
      if (name === 'v') inValue = false;
      inline.events.close(name);
      if (name === 'c') {
        value += inline.take();
        const column = columnOf(cell['r']) ?? row.length;
        if (value !== '') put(row, column, hiddenColumns.has(column) ? '' : shown());
      }
      if (name === 'row' && row.length > 0) rows.push({ number, cells: row, isShown });
    },
  });
  return withMergedCells(rows, merged).flatMap(({ number, cells, isShown }, at, all) => {
    const follows = at === 0 || all[at - 1]!.number === number - 1;
    return isShown ? [...(follows ? [] : [[]]), cells] : [];
  });
}

/** Hidden by hand; what belongs to a group is only folded away, and is read. */
const isHidden = ({ hidden = '', outlineLevel = '0' }: Readonly<Record<string, string>>): boolean =>
  /^(?:1|true)$/.test(hidden) && outlineLevel === '0';

class HiddenColumns {
  private readonly hidden = new Uint8Array(maxColumns);

  add(column: Readonly<Record<string, string>>): void {
    if (isHidden(column)) this.hidden.fill(1, Number(column['min']) - 1, Number(column['max']));
  }

  has(column: number): boolean {
    return this.hidden[column] === 1;
  }
}
