import { areSure, beginsAnother, sampled, saysNames, widthOf } from './another-table.ts';
import { areWords, standsOut, standsOutWidely } from './header-row.ts';
import { formLines, isFieldRow } from './pairs.ts';

type Row = readonly string[];

interface Table {
  readonly rows: Row[];
  /** How many of its rows are titles, counted once: there may be very many, and very many stretches below. */
  readonly titles: number;
  /** Whether its names are sure; told once that there are as many records as are looked at. */
  areSure?: boolean;
}

/**
 * The tables of a sheet. Below a blank row, a title or a form another one may begin; most such rows merely set the rows
 * of one table apart. A row that says the names of its table again, as at the top of each printed page, is no record.
 */
export function tablesOf(sheet: readonly Row[]): Row[][] {
  const tables: Table[] = [];
  for (const stretch of partsOf(fromFirstColumn(sheet))
    .flatMap(atTitles)
    .flatMap(belowForm)
    .flatMap(atNames)) {
    const above = tables.at(-1);
    if (!above || followsForm(above.rows, stretch) || isAnother(above, stretch))
      tables.push({ rows: [], titles: titlesOf(stretch) });
    const table = tables.at(-1)!;
    for (const row of stretch) if (!saysSureNames(row, table)) table.rows.push(row);
  }
  return tables.map((table) => table.rows);
}

function saysSureNames(row: Row, table: Table): boolean {
  if (!saysNames(row, table.rows, table.titles)) return false;
  if (table.areSure !== undefined) return table.areSure;
  const [names = [], ...records] = table.rows.slice(table.titles, table.titles + 1 + sampled);
  const isSure = areSure(names, records);
  if (records.length === sampled) table.areSure = isSure;
  return isSure;
}

/** Where a sheet begins further right, its titles stand there too. */
function fromFirstColumn(rows: readonly Row[]): readonly Row[] {
  const starts = rows.map((row) => row.findIndex((cell) => cell !== '')).filter((start) => start >= 0);
  const first = starts.reduce((least, start) => Math.min(least, start), Infinity);
  return first > 0 && first < Infinity ? rows.map((row) => row.slice(first)) : rows;
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

/**
 * A table with numbers directly below one of words alone: its names are more than there are columns above, all given,
 * all different and of words, and stand over numbers in several columns of rows as wide.
 */
function atNames(stretch: readonly Row[]): Row[][] {
  const start = titlesOf(stretch);
  const width = widthOf(stretch[start] ?? []);
  const at = stretch.findIndex((row, i) => i > start && widthOf(row) > width);
  const [names = [], ...below] = at < 0 ? [] : stretch.slice(at, at + 1 + sampled);
  const isTable =
    at > start + 1 &&
    new Set(names).size === names.length &&
    !names.includes('') &&
    below.every((row) => widthOf(row) === names.length) &&
    areWords([...stretch.slice(start, at), names], names.length) &&
    standsOutWidely(names, below);
  return isTable ? [stretch.slice(0, at), stretch.slice(at)] : [[...stretch]];
}

/** A table below a form, such as the items of an invoice. */
const followsForm = (above: readonly Row[], below: readonly Row[]): boolean =>
  above.length <= sampled &&
  formLines(tidy(above)) !== undefined &&
  (below.some((row) => widthOf(row) > 2) || (isColonForm(above) && !below.some(isFieldRow)));

const isColonForm = (table: readonly Row[]): boolean => table.slice(titlesOf(table)).every(isFieldRow);

function isAnother({ rows, titles }: Table, stretch: readonly Row[]): boolean {
  const start = titlesOf(stretch);
  const above = rows.slice(titles, titles + 1 + sampled);
  const below = stretch.slice(start, start + 1 + sampled);
  return beginsAnother(above, below, titles > 0 && start > 0);
}

const isEmpty = (row: Row): boolean => row.every((cell) => cell === '');

/** Alone in the first column. The name of a form may be alone too. */
const isTitle = (row: Row): boolean => widthOf(row) === 1 && !row[0]!.endsWith(':');

const titlesOf = (rows: readonly Row[]): number => {
  const at = rows.findIndex((row) => !isTitle(row));
  return at < 0 ? rows.length : at;
};

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
