import { isNumber, isDate, isUsualName, isYear } from './header-row.ts';

type Row = readonly string[];

/**
 * Whether a table is a form: names on the left, what they say of one thing on the right (`Invoice number | 4711`).
 * That is so when the names differ and nothing speaks for a header, and the names end in colons, or mostly are such as
 * forms have, or the first of mostly wordy values has a number in it, or the values are of no one kind, as a column's are.
 */
export function arePairs(table: readonly Row[]): boolean {
  const pairs = table.filter((row) => row.length === 2 && row[0] !== '');
  if (pairs.length < leastPairs || pairs.length > mostPairs || table.some((row) => row.length > 2))
    return false;
  const names = pairs.map(([name = '']) => name).filter((name, i) => name !== pairs[i - 1]?.[0]);
  const [first = '', ...values] = pairs.map(([, value = '']) => value);
  if (new Set(names).size < names.length || !names.every(mayBeName) || isUsualName(first)) return false;
  if (mostOf(names, (name) => name.endsWith(':'))) return true;
  const areWords = mostOf(values, (value) => !isNumber(value) && !isDate(value));
  const isOneKind = values.every(isNumber) || values.every(isDate);
  if ((areWords && isValue(first)) || areMixed(values)) return true;
  return !isOneKind && mostOf(names, isNameOfForm);
}

/** `Total:` and `Total` alike: `Total: 1200 EUR`. A name, or a value, that is alone stays alone. */
export const pairLine = ([name = '', value = '']: Row): string =>
  name === '' || value === '' ? name || value : `${name.replace(/\s*:$/, '')}: ${value}`;

const leastPairs = 3;
/** Longer ones are lists. */
const mostPairs = 500;
const longestName = 60;

const mayBeName = (name: string): boolean => name.length <= longestName && /^\p{L}/u.test(name);

/** `XR-20`, `12 kg`; a year may be the name of a column. */
const isValue = (cell: string): boolean => /\d/.test(cell) && !isYear(cell);

const kindOf = (cell: string): string => (isNumber(cell) ? 'number' : isDate(cell) ? 'date' : 'words');

/** Numbers, dates and words: a column is of one kind, with few of one other. */
function areMixed(values: readonly string[]): boolean {
  const kinds = [...Map.groupBy(values, kindOf).values()];
  return kinds.length === 3 && kinds.every(({ length }) => length <= 0.75 * values.length);
}

const mostOf = (cells: readonly string[], are: (cell: string) => boolean): boolean =>
  cells.filter(are).length * 2 > cells.length;

const nameOfForm =
  /(?:^|[^\p{L}])(?:invoice|number|customer|client|company|supplier|vendor|order|amount|total|sum|tax|vat|iban|bic|currency|price|due|contact|subject|author|version|owner|project|contract|rechnung|nummer|kunde|firma|betrag|summe|gesamt|datum|adresse|anschrift|straße|ort|telefon|projekt|vertrag|facture|numéro|montant|objet|cliente|factura|importe|fecha|número)s?(?!\p{L})/iu;

const isNameOfForm = (name: string): boolean => isUsualName(name) || nameOfForm.test(name);
