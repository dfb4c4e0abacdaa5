import type { TextBuilder } from '../text-builder.ts';
import { isHeader } from './header-row.ts';
import { formLines, withoutColon } from './pairs.ts';
import { sumLines } from './sums.ts';
import { filledColumns, tablesOf, tidy, withoutEmptyEnd } from './tables.ts';

type Row = readonly string[];

/**
 * A sheet of cells. With a header row each further row becomes a line of its own that can be understood (and
 * found, and cited) alone: `Name: Ann; Age: 31`. Without one the cells stand side by side, empty ones too, but for a
 * form, of which each row is a name and its value.
 * What stands alone in the first column above the header is a title. A header with a name over an empty column is a
 * line as well, so that the name is kept. Tables may stand one under the other.
 */
export function addSheet(builder: TextBuilder, sheet: readonly Row[], page?: number): void {
  const rows = sheet.map((row) => withoutEmptyEnd(row.map(oneLine)));
  const lines = tablesOf(rows).flatMap(linesOf);
  builder.add('table', lines.join('\n'), { page });
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

const oneLine = (cell: string): string => cell.replace(/\s+/g, ' ').trim();

/** Columns beyond are not told apart from others of their name: each row would say them all. */
const mostTold = 1000;

/** How a row reads alone, under this header. Of columns of one name the empty ones are shown as well: else nothing told them apart. */
export function recordLine(header: Row): (row: Row) => string {
  const counts = new Map<string, number>();
  for (const name of header) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = header.map(withoutColon);
  const isShared = header.slice(0, mostTold).map((name) => name !== '' && counts.get(name) !== 1);
  const least = isShared.lastIndexOf(true) + 1;
  return (row) =>
    Array.from({ length: Math.max(row.length, least) }, (_, column) => {
      const [name, cell] = [names[column] ?? '', row[column] ?? ''];
      if (cell === '' && !isShared[column]) return '';
      return name === '' ? cell : `${name}: ${cell}`.trim();
    })
      .filter((field) => field !== '')
      .join('; ');
}
