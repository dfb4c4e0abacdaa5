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
  name === '' || value === '' ? name || value : `${withoutColon(name)}: ${value}`;

export const withoutColon = (name: string): string =>
  name.endsWith(':') ? name.slice(0, -1).trimEnd() : name;

/** The lines of a form; undefined for any other table. */
export const formLines = (table: readonly Row[]): string[] | undefined =>
  arePairs(table) ? table.map(pairLine) : wideFormLines(table);

/**
 * The lines of a form that has names with their values side by side, `Name: | Ada | Born: | 1815`; undefined for other
 * tables. Names end in colons, or else stand in every other column and mostly are such as forms have.
 */
export function wideFormLines(table: readonly Row[]): string[] | undefined {
  const colons = table.map(fieldsByColon);
  const rows = areFieldsOfColons(colons) ? colons : table.map(fieldsByPlace);
  if (rows !== colons && !areFieldsOfForm(rows)) return undefined;
  return rows.map((fields) =>
    fields
      .map(([name = '', ...values]) => pairLine([name, values.join(' ')]))
      .filter((field) => field !== '')
      .join('; '),
  );
}

/** A name and all that is said of it. */
function fieldsByColon(row: Row): Row[] {
  const fields: string[][] = [];
  for (const cell of row.filter((each) => each !== ''))
    if (isColonName(cell)) fields.push([cell]);
    else if (fields.length === 0) fields.push(['', cell]);
    else fields.at(-1)!.push(cell);
  return fields;
}

const isColonName = (cell: string): boolean => cell.endsWith(':') && mayBeName(cell);

/** A row of a form that has names with colons; one of such names alone, but for a single one, is none. */
export function isFieldRow(row: Row): boolean {
  const fields = fieldsByColon(row);
  const [[name = ''] = []] = fields;
  return name !== '' && (fields.length === 1 || fields.some((field) => field.length > 1));
}

/** A row of one name and several values is of a table that names its rows. */
function areFieldsOfColons(rows: readonly (readonly Row[])[]): boolean {
  const isNamed = ([name = '']: Row): boolean => name !== '';
  const named = rows.flat().filter(isNamed);
  const long = rows.filter((fields) => fields.flat().length > 2);
  const hasNames = (fields: readonly Row[]): boolean => fields.filter(isNamed).length > 1;
  if (named.length < leastPairs)
    return (
      long.every(hasNames) &&
      rows.every((fields) => fields.every((field) => isNamed(field) && field.length > 1))
    );
  return mostOf(named, (field) => field.length > 1) && mostOf(long, hasNames);
}

const fieldsByPlace = (row: Row): Row[] =>
  Array.from({ length: Math.ceil(row.length / 2) }, (_, at) => row.slice(2 * at, 2 * at + 2));

/** What stands beside the first names is no name of a column. */
function areFieldsOfForm(rows: readonly (readonly Row[])[]): boolean {
  const names = rows.flat().map(([name = '']) => name);
  const given = names.filter((name) => name !== '');
  return (
    rows.some((fields) => fields.length > 1) &&
    given.length > leastPairs &&
    given.every(mayBeName) &&
    mostOf(given, isNameOfForm) &&
    !(rows[0] ?? []).some(([, value = '']) => isNameOfForm(value))
  );
}

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

const mostOf = <T>(all: readonly T[], are: (each: T) => boolean): boolean =>
  all.filter(are).length * 2 > all.length;

const nameOfForm =
  /(?:^|[^\p{L}])(?:invoice|number|customer|client|company|supplier|vendor|order|amount|total|sum|tax|vat|iban|bic|currency|price|due|contact|subject|author|version|owner|project|contract|rechnung|nummer|kunde|firma|betrag|summe|gesamt|datum|adresse|anschrift|straße|ort|telefon|projekt|vertrag|facture|numéro|montant|objet|cliente|factura|importe|fecha|número)s?(?!\p{L})/iu;

const isNameOfForm = (name: string): boolean => isUsualName(name) || nameOfForm.test(name);
