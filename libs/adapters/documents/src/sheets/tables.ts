import { areWords, isHeader, isUsualName, standsOut } from './header-row.ts';
import { formLines, isFieldRow } from './pairs.ts';

type Row = readonly string[];

interface Table {
  readonly rows: Row[];
  /** How many of its rows are titles, counted once: there may be very many, and very many stretches below. */
  readonly titles: number;
}

/**
 * The tables of a sheet. Below a blank row, a title or a form another one may begin; most such rows merely set the rows
 * of one table apart.
 */
export function tablesOf(rows: readonly Row[]): Row[][] {
  const tables: Table[] = [];
  for (const stretch of partsOf(rows).flatMap(atTitles).flatMap(belowForm)) {
    const above = tables.at(-1);
    if (!above || followsForm(above.rows, stretch) || beginsAnother(above, stretch))
      tables.push({ rows: [...stretch], titles: titlesOf(stretch) });
    else for (const row of stretch) above.rows.push(row);
  }
  return tables.map((table) => table.rows);
}

/** The rows between blank ones; a title belongs to what stands below it. */
function partsOf(rows: readonly Row[]): Row[][] {
  const parts: Row[][] = [];
  let isOpen = false;
  let hasRows = false;
  for (const row of rows)
    if (isEmpty(row)) isOpen &&= !hasRows;
    else {
      if (!isOpen) [isOpen, hasRows] = [parts.push([]) > 0, false];
      parts.at(-1)!.push(row);
      hasRows ||= !isTitle(row);
    }
  return parts;
}

/** Each stretch begins with its titles, if it has any. */
function atTitles(part: readonly Row[]): Row[][] {
  const stretches: Row[][] = [];
  for (const [at, row] of part.entries())
    if (at === 0 || (isTitle(row) && !isTitle(part[at - 1]!))) stretches.push([row]);
    else stretches.at(-1)!.push(row);
  return stretches;
}

/** A form whose names end in colons, and the table that stands directly below it. */
function belowForm(stretch: readonly Row[]): Row[][] {
  const start = titlesOf(stretch);
  const isOther = (row: Row, at: number): boolean => at >= start && !isFieldRow(row);
  const end = stretch.findIndex(isOther);
  const [header = [], ...below] = tidy(stretch.slice(Math.max(end, 0), end + sampled));
  const isTable = end > start && below.length > 0 && (header.length > 2 || standsOut(header, below));
  return isTable ? [stretch.slice(0, end), stretch.slice(end)] : [[...stretch]];
}

/** A table below a form, such as the items of an invoice. */
const followsForm = (above: readonly Row[], below: readonly Row[]): boolean =>
  above.length <= sampled &&
  formLines(tidy(above)) !== undefined &&
  (below.some((row) => widthOf(row) > 2) || (isColonForm(above) && !below.some(isFieldRow)));

const isColonForm = (table: readonly Row[]): boolean => table.slice(titlesOf(table)).every(isFieldRow);

/**
 * A header is unlike what stands below, and as wide as its own table. Below another table it is also unlike that, and
 * either of another width or with usual names. Words alone above are like nothing: then it is of words itself, and of
 * another width. A title above both says as much; where there are but words, usual names.
 */
function beginsAnother(above: Table, stretch: readonly Row[]): boolean {
  const titles = titlesOf(stretch);
  const [first, ...below] = stretch.slice(titles, titles + 1 + sampled);
  if (!first || below.length === 0 || !below.every((row) => widthOf(row) <= widthOf(first))) return false;
  const isUnlike = standsOut(first, below);
  const usual = first.filter(isUsualName).length;
  if (titles > 0 && above.titles > 0)
    return isUnlike || (usual * 2 > widthOf(first) && isHeader(first, below));
  const isOfOtherWidth = widthOf(first) !== Math.max(...above.rows.slice(0, sampled).map(widthOf));
  const records = above.rows.slice(above.titles + 1, above.titles + 1 + sampled);
  if (!isUnlike || (usual === 0 && !isOfOtherWidth)) return false;
  return standsOut(first, records) || (isOfOtherWidth && areWords([first, ...records], widthOf(first)));
}

const isEmpty = (row: Row): boolean => row.every((cell) => cell === '');

/** Alone in the first column. The name of a form may be alone too. */
const isTitle = (row: Row): boolean => widthOf(row) === 1 && !row[0]!.endsWith(':');

const titlesOf = (rows: readonly Row[]): number => {
  const at = rows.findIndex((row) => !isTitle(row));
  return at < 0 ? rows.length : at;
};

const widthOf = (row: Row): number => row.findLastIndex((cell) => cell !== '') + 1;

/** Rows on either side that a header is compared with. */
const sampled = 100;

/** Columns in which something stands. */
export function filledColumns(rows: readonly Row[]): Set<number> {
  const filled = new Set<number>();
  for (const row of rows) for (const [column, cell] of row.entries()) if (cell !== '') filled.add(column);
  return filled;
}

/** Without columns that are empty throughout, and empty cells at the ends. */
export function tidy(rows: readonly Row[]): Row[] {
  const used = filledColumns(rows);
  return rows.map((row) => row.filter((_, column) => used.has(column))).map(withoutEmptyEnd);
}

export const withoutEmptyEnd = (row: Row): Row => row.slice(0, widthOf(row));
