import { isNumber, isDate, isUsualName, isYear } from './header-row.ts';

type Row = readonly string[];

/**
 * Whether a table is a form: names on the left, what they say of one thing on the right (`Invoice number | 4711`).
 * That is so when the names differ and nothing speaks for a header, and the names end in colons, or mostly are such as
 * forms have, or the first of mostly wordy values is a number.
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
  return (areWords && isValue(first)) || (!isOneKind && mostOf(names, isNameOfForm));
}

/** `Total:` and `Total` alike: `Total: 1200 EUR`. A name, or a value, that is alone stays alone. */
export const pairLine = ([name = '', value = '']: Row): string =>
  name === '' || value === '' ? name || value : `${name.replace(/\s*:$/, '')}: ${value}`;

const leastPairs = 3;
/** Longer ones are lists. */
const mostPairs = 500;
const longestName = 60;

const mayBeName = (name: string): boolean => name.length <= longestName && /^\p{L}/u.test(name);

/** A year may be the name of a column. */
const isValue = (cell: string): boolean => (isNumber(cell) && !isYear(cell)) || isDate(cell);

const mostOf = (cells: readonly string[], are: (cell: string) => boolean): boolean =>
  cells.filter(are).length * 2 > cells.length;

const nameOfForm =
  /(?:^|[^\p{L}])(?:invoice|number|customer|client|company|supplier|vendor|order|amount|total|sum|tax|vat|iban|bic|currency|price|due|contact|subject|author|version|owner|project|contract|rechnung|nummer|kunde|firma|betrag|summe|gesamt|datum|adresse|anschrift|straße|ort|telefon|projekt|vertrag|facture|numéro|montant|objet|cliente|factura|importe|fecha|número)s?(?!\p{L})/iu;

const isNameOfForm = (name: string): boolean => isUsualName(name) || nameOfForm.test(name);
