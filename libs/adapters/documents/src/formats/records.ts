import type { TextBuilder } from '../text-builder.ts';

/**
 * A sheet of cells. With a header row each further row becomes a line of its own that can be understood (and
 * found, and cited) alone: `Name: Ann; Age: 31`. Without one the cells stand side by side.
 */
export function addSheet(builder: TextBuilder, sheet: readonly (readonly string[])[], page?: number): void {
  const rows = sheet.map((row) => row.map(oneLine)).filter((row) => row.some((cell) => cell !== ''));
  const [header, ...rest] = rows;
  if (!header) return;
  const lines =
    isHeader(header) && rest.length > 0
      ? rest.map((row) => recordLine(header, row))
      : rows.map((row) => row.filter((cell) => cell !== '').join(' | '));
  builder.add('table', lines.filter((line) => line !== '').join('\n'), { page });
}

const oneLine = (cell: string): string => cell.replace(/\s+/g, ' ').trim();

/** Names of columns: all different, none a number or a date, at least two. */
function isHeader(row: readonly string[]): boolean {
  const names = row.filter((cell) => cell !== '');
  const areNames = names.every((name) => name.length <= 100 && /\p{L}/u.test(name));
  return names.length >= 2 && areNames && new Set(names).size === names.length;
}

const recordLine = (header: readonly string[], row: readonly string[]): string =>
  row
    .map((cell, column) => (cell === '' ? '' : header[column] ? `${header[column]}: ${cell}` : cell))
    .filter((field) => field !== '')
    .join('; ');
