import { areWords, isForeign, isHeader, isUsualName, standsOut, standsOutWidely } from './header-row.ts';

type Row = readonly string[];

/** Rows on either side that a header is compared with. */
export const sampled = 100;

export const widthOf = (row: Row): number => row.findLastIndex((cell) => cell !== '') + 1;

/**
 * Whether below the names and records of one table stand those of another. Words alone below numbers alone are another.
 * Else its names are unlike what stands below, as wide as their own table, and no values of the one above. They are
 * also unlike that, and of another width, with usual names or one of the names above, or over numbers in several columns.
 * Words alone above are like nothing: then they are of words themselves, and of another width. A title above both
 * tables says as much; where there are but words, usual names, or that one column above has none.
 */
export function beginsAnother(
  [names = [], ...records]: readonly Row[],
  [first, ...below]: readonly Row[],
  areTitled: boolean,
): boolean {
  if (!first || below.length === 0) return false;
  if (areWordsBelowNumbers(records, [first, ...below])) return true;
  const width = widthOf(first);
  if (!below.every((row) => widthOf(row) <= width)) return false;
  const isUnlike = standsOut(first, below);
  if (areTitled) return isUnlike || areWordsUnderTitle(records, first, below);
  if (!isUnlike || isRecord(first, records)) return false;
  const isOfOtherWidth = width !== Math.max(...[names, ...records].map(widthOf));
  const isNamed = first.some((cell, at) => isNameOfColumn(cell) || (cell !== '' && cell === names[at]));
  if (!isOfOtherWidth && !isNamed && !areNamesOfSeveral(first, records, below)) return false;
  return standsOut(first, records) || (isOfOtherWidth && areWords([first, ...records], width));
}

/** One of its cells comes again in its column. */
const isRecord = (row: Row, records: readonly Row[]): boolean =>
  row.some((cell, at) => cell !== '' && records.some((record) => record[at] === cell));

function areWordsUnderTitle(records: readonly Row[], first: Row, below: readonly Row[]): boolean {
  if (areWords([first, ...below], widthOf(first)) && standsOut(first, records)) return true;
  return areUsual(first) && !isRecord(first, records) && isHeader(first, below);
}

const areUsual = (names: Row): boolean => names.filter(isNameOfColumn).length * 2 > widthOf(names);

/** Whether this row says the names of its table again. */
export const saysNames = (row: Row, table: readonly Row[], titles: number): boolean =>
  table.length > titles + 1 && isSame(row, table[titles]!);

/** Whether names are told for sure: they are unlike the records, or mostly usual. */
export const areSure = (names: Row, records: readonly Row[]): boolean =>
  standsOut(names, records) || (areUsual(names) && isHeader(names, records));

const isSame = (one: Row, other: Row): boolean =>
  widthOf(one) > 1 && widthOf(one) === widthOf(other) && other.every((cell, at) => cell === (one[at] ?? ''));

const areWordsBelowNumbers = (records: readonly Row[], rows: readonly Row[]): boolean =>
  areWords(rows, Math.max(...rows.map(widthOf))) && isForeign(rows[0]!, records);

/** In place of a number may stand a word, such as `sold out`, and in place of several mostly the same. */
const areNamesOfSeveral = (first: Row, records: readonly Row[], below: readonly Row[]): boolean =>
  new Set(first).size === first.length && standsOutWidely(first, below) && standsOutWidely(first, records);

const isNameOfColumn = (cell: string): boolean => isUsualName(cell) || nameOfColumn.test(cell);

/** The whole of a cell, but for its unit: `Item 4` is one. `Total` mostly names a row. */
const nameOfColumn =
  /^(?:item|product|article|part|model|maker?|manufacturer|brand|firm|company|customer|client|supplier|vendor|contact|person|member|employee|team|region|location|place|site|unit|qty|quantity|amount|price|cost|sale|revenue|budget|plan|actual|stock|count|number|weight|size|length|width|height|rate|share|score|age|day|month|quarter|week|hour|currency|owner|subject|author|artikel|produkt|bezeichnung|menge|anzahl|einheit|preis|betrag|umsatz|kosten|kunde|firma|datum|ort|monat|jahr|prix|montant|quantité|produit|client|producto|cantidad|precio|importe|fecha)s?(?: ?[[(][^\])]*[\])])?$/i;
