import { columnOf, maxColumns, put } from './cell-places.ts';
import { mergedRange, withMergedCells, type MergedRange, type SheetRow } from './merged-cells.ts';
import type { NumberStyles } from './number-styles.ts';
import { readXml } from './xml.ts';

/** The strings that cells refer to by number; phonetic guides left out. */
export function sharedStrings(xml: Uint8Array | undefined): string[] {
  const strings: string[] = [];
  let current = '';
  let inText = false;
  let inPhonetic = false;
  if (!xml) return strings;
  readXml(xml, {
    open: (name) => {
      if (name === 'si') current = '';
      if (name === 't') inText = true;
      if (name === 'rPh') inPhonetic = true;
    },
    text: (text) => {
      if (inText && !inPhonetic) current += text;
    },
    close: (name) => {
      if (name === 'si') strings.push(current);
      if (name === 't') inText = false;
      if (name === 'rPh') inPhonetic = false;
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
  const shown = (): string => {
    if (cell['t'] === 's') return strings[Number(value)] ?? '';
    if (cell['t'] === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    return cell['t'] === undefined || cell['t'] === 'n' ? numbers.format(value, cell['s']) : value;
  };
  readXml(xml, {
    open: (name, attributes) => {
      if (name === 'col') hiddenColumns.add(attributes);
      if (name === 'row') [row, isShown] = [[], isFiltered || !isHidden(attributes)];
      if (name === 'row') number = Number(attributes['r']) || number + 1;
      if (name === 'mergeCell') merged.push(...[mergedRange(attributes['ref']) ?? []].flat());
      if (name === 'c') [cell, value] = [attributes, ''];
      if (name === 'v' || name === 't') inValue = true;
    },
    text: (text) => {
      if (inValue) value += text;
    },
    close: (name) => {
      if (name === 'v' || name === 't') inValue = false;
      if (name === 'c') {
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
