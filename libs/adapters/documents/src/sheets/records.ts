import type { TextBuilder } from '../text-builder.ts';
import { isHeader, isUsualName, standsOut } from './header-row.ts';
import { formLines } from './pairs.ts';
import { sumLines } from './sums.ts';

type Row = readonly string[];

/**
 * A sheet of cells. With a header row each further row becomes a line of its own that can be understood (and
 * found, and cited) alone: `Name: Ann; Age: 31`. Without one the cells stand side by side, empty ones too, but for a
 * form, of which each row is a name and its value.
 * What stands alone in the first column above the header is a title. A header with a name over an empty column is a
 * line as well, so that the name is kept. Tables may stand one under the other.
 */
export function addSheet(builder: TextBuilder, sheet: readonly Row[], page?: number): void {
  const lines = tablesOf(sheet.map((row) => row.map(oneLine))).flatMap(linesOf);
  builder.add('table', lines.join('\n'), { page });
}

/** Below a blank row another table may begin. Any other blank row merely sets the rows of a table apart. */
function tablesOf(rows: readonly Row[]): Row[][] {
  const tables: Row[][] = [];
  for (const [first = [], ...below] of partsOf(rows)) {
    const above = tables.at(-1);
    if (!above || followsForm(above, [first, ...below]) || beginsAnother(above, first, below))
      tables.push([first, ...below]);
    else for (const row of [first, ...below]) above.push(row);
  }
  return tables;
}

/** A table of several columns below a form, such as the items of an invoice. */
const followsForm = (above: readonly Row[], below: readonly Row[]): boolean =>
  above.length <= sampled && below.some((row) => widthOf(row) > 2) && formLines(tidy(above)) !== undefined;

/** As only a header is, it is unlike what stands above and unlike what stands below, and as wide as its own table. */
function beginsAnother(above: readonly Row[], first: Row, below: readonly Row[]): boolean {
  const isOwn =
    first.some(isUsualName) || widthOf(first) !== Math.max(...above.slice(0, sampled).map(widthOf));
  const isWhole = below.slice(0, sampled).every((row) => widthOf(row) <= widthOf(first));
  return isOwn && isWhole && standsOut(first, above.slice(1, 1 + sampled)) && standsOut(first, below);
}

const widthOf = (row: Row): number => row.findLastIndex((cell) => cell !== '') + 1;

/** Rows on either side that a header is compared with. */
const sampled = 100;

/** The rows between blank ones. */
function partsOf(rows: readonly Row[]): Row[][] {
  const parts: Row[][] = [[]];
  for (const row of rows)
    if (row.some((cell) => cell !== '')) parts.at(-1)!.push(row);
    else if (parts.at(-1)!.length > 0) parts.push([]);
  return parts.filter((part) => part.length > 0);
}

function linesOf(table: readonly Row[]): string[] {
  const rows = tidy(table);
  const titles = Math.max(
    rows.findIndex((row) => row.length > 1),
    0,
  );
  return [...rows.slice(0, titles).flat(), ...tableLines(rows.slice(titles))];
}

function tableLines(table: readonly Row[]): string[] {
  const form = formLines(table);
  if (form) return form;
  const [header = [], ...rest] = table;
  const filled = filledColumns(rest);
  if (filled.size < 2 || !isHeader(header, rest)) return table.map(cells);
  const namesNothing = header.some((name, column) => name !== '' && !filled.has(column));
  const [line, sumLine] = [recordLine(header), sumLines(rest)];
  return [...(namesNothing ? [cells(header)] : []), ...rest.map((row) => sumLine(row) ?? line(row))];
}

const cells = (row: Row): string => row.join(' | ');

function filledColumns(rows: readonly Row[]): Set<number> {
  const filled = new Set<number>();
  for (const row of rows) for (const [column, cell] of row.entries()) if (cell !== '') filled.add(column);
  return filled;
}

/** Without columns that are empty throughout, and empty cells at the ends. */
function tidy(rows: readonly Row[]): Row[] {
  const used = filledColumns(rows);
  return rows
    .map((row) => row.filter((_, column) => used.has(column)))
    .map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1));
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
