import { columnOf, maxColumns, put } from './cell-places.ts';

export interface SheetRow {
  /** From 1, as in references. */
  readonly number: number;
  readonly cells: string[];
  readonly isShown: boolean;
}

/** Cells shown as one; both ends inclusive. */
export interface MergedRange {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A value longer than this is said once, in the first row that it is merged over. */
const longestCarried = 100;
/** Places of one sheet that are filled, with those before them; more are an attempt to make us fill memory. */
const maxCarried = 1_000_000;

/** `A2:B6`; undefined for what is no range. */
export function mergedRange(reference = ''): MergedRange | undefined {
  const [from = '', to = ''] = reference.split(':');
  const [left, right] = [columnOf(from), columnOf(to)];
  const [top = 0, bottom = 0] = [from, to].map((each) => Number(/\d+$/.exec(each)?.[0]));
  if (left === undefined || right === undefined || !(top <= bottom)) return undefined;
  return { left, right: Math.min(right, maxColumns - 1), top, bottom };
}

/** Repeats what is merged over several rows in each of them that says something, so that each row is whole. */
export function withMergedCells(rows: readonly SheetRow[], ranges: readonly MergedRange[]): SheetRow[] {
  const header = headerOf(rows, ranges);
  const joined = header && joinedHeader(header);
  const carried = header ? ranges.filter(({ top }) => top !== header.upper.number) : ranges;
  carryDown(rows, carried);
  if (!header || !joined) return [...rows];
  return rows
    .filter((row) => row !== header.upper)
    .map((row) => (row === header.lower ? { ...row, cells: joined } : row));
}

function carryDown(rows: readonly SheetRow[], ranges: readonly MergedRange[]): void {
  const starts = Map.groupBy(
    ranges.filter(({ top, bottom }) => bottom > top),
    ({ top }) => top,
  );
  const reaching = new Map<number, { readonly text: string; readonly bottom: number }>();
  let carried = 0;
  for (const { number, cells } of rows) {
    for (const [column, { text, bottom }] of reaching) {
      if (bottom < number || carried >= maxCarried) reaching.delete(column);
      else if (!cells[column]) {
        carried += 1 + Math.max(column - cells.length, 0);
        put(cells, column, text);
      }
    }
    for (const { left, bottom } of starts.get(number) ?? []) {
      const text = cells[left] ?? '';
      if (text !== '' && text.length <= longestCarried) reaching.set(left, { text, bottom });
    }
  }
}

/** Two rows of names: `2024` merged over `Q1` and `Q2`. */
interface Header {
  readonly upper: SheetRow;
  readonly lower: SheetRow;
  /** Those of the upper row that reach over several columns. */
  readonly across: readonly MergedRange[];
  /** Those that reach from the upper row over the lower one. */
  readonly down: readonly MergedRange[];
}

/** The first row with more than one value and the one below it, where the first has a cell over several columns. */
function headerOf(rows: readonly SheetRow[], ranges: readonly MergedRange[]): Header | undefined {
  const at = rows.findIndex(({ cells }) => cells.filter((cell) => cell !== '').length > 1);
  const [upper, lower] = [rows[at], rows[at + 1]];
  if (!upper || lower?.number !== upper.number + 1) return undefined;
  const own = ranges.filter(({ top }) => top === upper.number);
  const across = own.filter(({ left, right, bottom }) => right > left && bottom === upper.number);
  const down = own.filter(({ left, right, bottom }) => right === left && bottom === lower.number);
  const width = across.reduce((sum, { left, right }) => sum + right - left, 0);
  return width > 0 && width < maxColumns ? { upper, lower, across, down } : undefined;
}

/** `2024 Q1`, `2024 Q2`: one row of names, when each upper one is merged, none over the first column, and none is over nothing. */
function joinedHeader({ upper, lower, across, down }: Header): string[] | undefined {
  const names: string[] = [];
  for (const { left, right } of [...across, ...down])
    for (let column = left; column <= right; column++) names[column] = upper.cells[left] ?? '';
  const columns = Array.from({ length: Math.max(upper.cells.length, lower.cells.length) }, (_, column) => ({
    name: names[column],
    above: upper.cells[column] ?? '',
    below: lower.cells[column] ?? '',
  }));
  const first = columns.findIndex(({ above, below }) => above + below !== '');
  const isHeader =
    across.length + down.length > 1 &&
    across.every(({ left }) => left > first) &&
    across.every(({ left, right }) => columns.slice(left, right + 1).every(({ below }) => below !== '')) &&
    columns.every(({ name, above }) => above === '' || name !== undefined);
  if (!isHeader) return undefined;
  return columns.map(({ name = '', below }) => [name, below].filter((part) => part !== '').join(' '));
}
