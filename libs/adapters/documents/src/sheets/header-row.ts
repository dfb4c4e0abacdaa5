/** Rows below that the first one is compared with. */
const sampled = 100;

/**
 * Whether the first row of a table names its columns. It does when it is unlike the rows below (words over numbers or
 * dates, years over amounts), and does not when it is like them (numbers over numbers). Words over words are names too,
 * as they nearly always are in files, unless something says that they are one more record: a cell comes again in its
 * column, has its pattern of digits, or every cell is written the way its column is and none is a usual name of a column.
 */
export function isHeader(first: readonly string[], below: readonly (readonly string[])[]): boolean {
  if (below.length === 0 || first.length < 2 || !isFilled(first)) return false;
  const { columns, stands } = compared(first, below);
  if (stands.includes('like')) return false;
  return stands.includes('unlike') || areNames(columns);
}

/** Whether a row is of another kind than these: words over their numbers, say, and nothing that is like them. */
export function standsOut(row: readonly string[], others: readonly (readonly string[])[]): boolean {
  const { stands } = compared(row, others);
  return stands.includes('unlike') && !stands.includes('like');
}

/** The same in several columns: names of a table, where a word may stand in for one number. */
export function standsOutWidely(row: readonly string[], others: readonly (readonly string[])[]): boolean {
  const { stands } = compared(row, others);
  return stands.filter((stand) => stand === 'unlike').length > 1 && !stands.includes('like');
}

/** Whether a row has several cells, and each is of another kind than its column in these. */
export function isForeign(row: readonly string[], others: readonly (readonly string[])[]): boolean {
  const { stands } = compared(row, others);
  const filled = row.filter((cell) => cell !== '').length;
  return filled > 1 && stands.length === filled && stands.every((stand) => stand === 'unlike');
}

/** Whether there are several rows, and no number or date in these first columns of theirs. */
export const areWords = (rows: readonly (readonly string[])[], columns: number): boolean =>
  rows.length > 1 &&
  rows.every((row) => !row.slice(0, columns).some((cell) => isNumber(cell) || isDate(cell)));

function compared(first: readonly string[], others: readonly (readonly string[])[]) {
  const rows = others.slice(0, sampled);
  const columns = first
    .map((name, at) => ({ name, cells: rows.map((row) => row[at] ?? '').filter((cell) => !isBlank(cell)) }))
    .filter(({ name, cells }) => name !== '' && cells.length > 0);
  const ofYears = isRunOfYears(first) && !rows.some((row) => isRunOfYears(row.slice(0, first.length)));
  return { columns, stands: columns.map((column) => standOf(column, ofYears)) };
}

interface Column {
  readonly name: string;
  /** Those below the name that say something. */
  readonly cells: readonly string[];
}

/** A share of cells that speaks for all. */
const most = 0.8;
const mostly = (cells: readonly string[], are: (cell: string) => boolean): boolean =>
  cells.filter(are).length >= most * cells.length;

/** A column of row names often has none itself. */
const isFilled = ([corner = '', ...others]: readonly string[]): boolean =>
  mostly([...(corner === '' ? [] : [corner]), ...others], (cell) => cell !== '');

/** Longer cells are words, which need no look at every character each time that they are compared with. */
const longestNumber = 100;

const isBlank = (cell: string): boolean =>
  cell.length <= longestNumber && /^(?:[-–—.?]*|#?n\/?a|null|none)$/i.test(cell);
export const isDate = (cell: string): boolean =>
  /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)|^\d{4}[-/]\d{1,2}$|^\d{1,2}:\d\d/.test(cell);
export const isNumber = (cell: string): boolean =>
  cell.length <= longestNumber &&
  !isDate(cell) &&
  /^[-+−(]{0,2}\p{Sc}? ?[.,]?\d[\d .,'’]*(?:e[-+]?\d+)? ?(?:%|\p{Sc})?\)?$/iu.test(cell);
export const isYear = (cell: string): boolean => /^(?:1[89]|2[01])\d\d$/.test(cell);

/** `2019 2020 2021`: two or more, each one after (or before) the last. */
function isRunOfYears(row: readonly string[]): boolean {
  const years = row.filter(isYear).map(Number);
  const step = (years[1] ?? 0) - (years[0] ?? 0);
  return years.length > 1 && Math.abs(step) === 1 && years.every((year, i) => year === years[0]! + i * step);
}

/** Is the first cell of a column like the others by its kind? Words over words say nothing. */
function standOf({ name, cells }: Column, ofYears: boolean): 'like' | 'unlike' | undefined {
  const areNumbers = mostly(cells, isNumber);
  if (!areNumbers && !mostly(cells, isDate)) return undefined;
  if (isYear(name) && areNumbers) return ofYears || !mostly(cells, isYear) ? 'unlike' : 'like';
  return (areNumbers ? isNumber(name) : isDate(name)) ? 'like' : 'unlike';
}

function areNames(columns: readonly Column[]): boolean {
  if (columns.some(({ name, cells }) => cells.includes(name) || hasTheirPattern(name, cells))) return false;
  if (columns.some(({ cells }) => cells.length > 3 && new Set(cells).size <= cells.length / 2)) return true;
  if (columns.some(({ name }) => isUsualName(name))) return true;
  return !columns.every(({ name, cells }) => cells.some((cell) => shapeOf(cell) === shapeOf(name)));
}

/** `AB-12` as `A-0`, `New York` as `Aa Aa`. */
const shapeOf = (cell: string): string =>
  cell
    .replace(/\p{Lu}+/gu, 'A')
    .replace(/\p{Ll}+/gu, 'a')
    .replace(/\d+/g, '0');

const hasTheirPattern = (name: string, cells: readonly string[]): boolean =>
  /\d/.test(name) && cells.length > 1 && cells.every((cell) => shapeOf(cell) === shapeOf(name));

const usualName =
  /(?:^|[^a-z])(?:name|id|nr|no|title|code|key|value|type|kind|category|date|time|year|email|phone|address|city|country|status|description|comment|notes?|url|role|job|department|question|answer|text)s?(?![a-z])/;

export const isUsualName = (cell: string): boolean =>
  cell.length <= 40 && usualName.test(cell.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase());
