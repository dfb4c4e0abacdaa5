import { isDate, isNumber } from './header-row.ts';
import { pairLine } from './pairs.ts';

type Row = readonly string[];

/** `Subtotal`, `VAT 19%`, `Zwischensumme:`: names that sums have, and no value of a column of numbers. */
const nameOfSum =
  /[:%]|(?<!\p{L})(?:sum|tax|vat|net|due|fees?|ust|tva|iva)(?!\p{L})|total|gross|balance|discount|shipping|freight|average|summe|gesamt|netto|brutto|betrag|mwst|steuer|rabatt|versand|saldo|somme|montant|remise|suma|importe/iu;

/**
 * How a row of a sum reads: `Subtotal: 1700`. Its name stands below the numbers of a column, beside the sum, and is no
 * value of that column; undefined for other rows.
 */
export function sumLines(rows: readonly Row[]): (row: Row) => string | undefined {
  const numbers = columnsOfNumbers(rows.filter((row) => filledOf(row).length > 2));
  return (row) => {
    const [name, sum, ...others] = filledOf(row);
    if (!name || !sum || others.length > 0 || name.column === 0) return undefined;
    if (!nameOfSum.test(name.cell) || isNumber(name.cell) || isDate(name.cell) || !isNumber(sum.cell))
      return undefined;
    return numbers.has(name.column) ? pairLine([name.cell, sum.cell]) : undefined;
  };
}

/** Those that a number stands in. */
function columnsOfNumbers(rows: readonly Row[]): Set<number> {
  const columns = new Set<number>();
  for (const row of rows)
    for (const [column, cell] of row.entries())
      if (!columns.has(column) && isNumber(cell)) columns.add(column);
  return columns;
}

const filledOf = (row: Row): { cell: string; column: number }[] =>
  row.map((cell, column) => ({ cell, column })).filter(({ cell }) => cell !== '');
