import type { TextBuilder } from '../text-builder.ts';
import { isHeader } from './header-row.ts';

type Row = readonly string[];

/**
 * A sheet of cells. With a header row each further row becomes a line of its own that can be understood (and
 * found, and cited) alone: `Name: Ann; Age: 31`. Without one the cells stand side by side, empty ones too.
 * What stands alone in the first column above the header is a title.
 */
export function addSheet(builder: TextBuilder, sheet: readonly Row[], page?: number): void {
  const rows = tidy(sheet);
  const titles = Math.max(
    rows.findIndex((row) => row.length > 1),
    0,
  );
  const [header, ...rest] = rows.slice(titles);
  if (!header) return;
  const lines = isHeader(header, rest)
    ? [...rows.slice(0, titles).flat(), ...rest.map(recordLine(header))]
    : rows.map((row) => row.join(' | '));
  builder.add('table', lines.join('\n'), { page });
}

/** Cells on one line each, without empty rows, columns that are empty throughout, and empty cells at the ends. */
function tidy(sheet: readonly Row[]): Row[] {
  const rows = sheet.map((row) => row.map(oneLine));
  const used = new Set<number>();
  for (const row of rows) for (const [column, cell] of row.entries()) if (cell !== '') used.add(column);
  return rows
    .map((row) => row.filter((_, column) => used.has(column)))
    .map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1))
    .filter((row) => row.length > 0);
}

const oneLine = (cell: string): string => cell.replace(/\s+/g, ' ').trim();

/** How a row reads alone, under this header. Of columns of one name the empty ones are shown as well: else nothing told them apart. */
export function recordLine(header: Row): (row: Row) => string {
  const isShared = header.map((name) => name !== '' && header.indexOf(name) !== header.lastIndexOf(name));
  return (row) =>
    Array.from({ length: Math.max(row.length, header.length) }, (_, column) => {
      const [name, cell] = [header[column] ?? '', row[column] ?? ''];
      if (cell === '' && !isShared[column]) return '';
      return name === '' ? cell : `${name}: ${cell}`.trim();
    })
      .filter((field) => field !== '')
      .join('; ');
}
