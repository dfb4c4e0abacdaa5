import {
  childElements,
  localName,
  plainText,
  replaceBy,
  type WordElement,
  type WordMaker,
} from './word-part.ts';

/** Longer ones are more than the value of a cell. */
const longestInCell = 400;

/**
 * Writes a small table inside a cell of a table of values as a line of that cell: `Size: 3 m; Weight: 4 kg`. A row then
 * stays one. Tables that only place long texts on a page are left as they are and read one after the other.
 */
export function flattenNestedTables(table: WordElement, make: WordMaker): void {
  const rows = childElements(table, 'tr');
  const isGrid = rows.length > 1 && rows.some((row) => childElements(row, 'tc').length > 1);
  if (!isGrid) return;
  const nested = tablesIn(table).map((each) => ({ each, line: lineOf(each) }));
  if (nested.some(({ line }) => line.length > longestInCell)) return;
  for (const { each, line } of nested) replaceBy(each, make.paragraph(line));
}

const tablesIn = (element: WordElement): WordElement[] =>
  childElements(element).flatMap((child) => (localName(child) === 'tbl' ? [child] : tablesIn(child)));

/** Two cells are a name and its value. */
const lineOf = (table: WordElement): string =>
  childElements(table, 'tr')
    .map((row) => childElements(row, 'tc').map(plainText))
    .map((cells) => cells.filter((cell) => cell !== '').join(cells.length === 2 ? ': ' : ', '))
    .filter((row) => row !== '')
    .join('; ');
