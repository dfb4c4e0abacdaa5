import type { TextBuilder } from '../text-builder.ts';
import { isHeader } from './header-row.ts';
import { arePairs, pairLine } from './pairs.ts';

type Row = readonly string[];

/**
 * A sheet of cells. With a header row each further row becomes a line of its own that can be understood (and
 * found, and cited) alone: `Name: Ann; Age: 31`. Without one the cells stand side by side, empty ones too, but for a
 * form, of which each row is a name and its value.
 * What stands alone in the first column above the header is a title. A header with a name over an empty column is a
 * line as well, so that the name is kept.
 */
export function addSheet(builder: TextBuilder, sheet: readonly Row[], page?: number): void {
  const rows = tidy(sheet);
  const titles = Math.max(
    rows.findIndex((row) => row.length > 1),
    0,
  );
  const lines = [...rows.slice(0, titles).flat(), ...tableLines(rows.slice(titles))];
  builder.add('table', lines.join('\n'), { page });
}

function tableLines(table: readonly Row[]): string[] {
  if (arePairs(table)) return table.map(pairLine);
  const [header = [], ...rest] = table;
  const filled = filledColumns(rest);
  if (filled.size < 2 || !isHeader(header, rest)) return table.map(cells);
  const namesNothing = header.some((name, column) => name !== '' && !filled.has(column));
  return [...(namesNothing ? [cells(header)] : []), ...rest.map(recordLine(header))];
}

const cells = (row: Row): string => row.join(' | ');

function filledColumns(rows: readonly Row[]): Set<number> {
  const filled = new Set<number>();
  for (const row of rows) for (const [column, cell] of row.entries()) if (cell !== '') filled.add(column);
  return filled;
}

/** Cells on one line each, without empty rows, columns that are empty throughout, and empty cells at the ends. */
function tidy(sheet: readonly Row[]): Row[] {
  const rows = sheet.map((row) => row.map(oneLine));
  const used = filledColumns(rows);
  return rows
    .map((row) => row.filter((_, column) => used.has(column)))
    .map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1))
    .filter((row) => row.length > 0);
}

const oneLine = (cell: string): string => cell.replace(/\s+/g, ' ').trim();

/** Columns beyond are not told apart from others of their name: each row would say them all. */
const mostTold = 1000;

/** How a row reads alone, under this header. Of columns of one name the empty ones are shown as well: else nothing told them apart. */
export function recordLine(header: Row): (row: Row) => string {
  const counts = new Map<string, number>();
  for (const name of header) counts.set(name, (counts.get(name) ?? 0) + 1);
  const isShared = header.slice(0, mostTold).map((name) => name !== '' && counts.get(name) !== 1);
  const least = isShared.lastIndexOf(true) + 1;
  return (row) =>
    Array.from({ length: Math.max(row.length, least) }, (_, column) => {
      const [name, cell] = [header[column] ?? '', row[column] ?? ''];
      if (cell === '' && !isShared[column]) return '';
      return name === '' ? cell : `${name}: ${cell}`.trim();
    })
      .filter((field) => field !== '')
      .join('; ');
}
