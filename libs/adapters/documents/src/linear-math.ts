/** Formulas on one line, as one types them: `(a + b)/2`, `x^2`, `√(x + 1)`. */

const single = /^(?:[\p{L}\p{M}]|[\p{N}.,]+|.)$/u;
const inBrackets = /^(?:\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\})$/;

/** A term that stands as one; several get brackets. */
const grouped = (term: string): string => {
  const text = term.trim();
  return single.test(text) || inBrackets.test(text) || text === '' ? text : `(${text})`;
};

export const fraction = (over: string, under: string): string => `${grouped(over)}/${grouped(under)}`;

/** With an index below, a power above, or both; what is empty is left out. */
export function scripted(base: string, { below = '', above = '' }): string {
  const lower = below.trim() === '' ? '' : `_${grouped(below)}`;
  const upper = above.trim() === '' ? '' : `^${grouped(above)}`;
  return `${base.trim()}${lower}${upper}`;
}

export const root = (of: string, degree = ''): string =>
  degree.trim() === '' ? `√${grouped(of)}` : `√[${degree.trim()}]${grouped(of)}`;

/** Rows of a matrix, or of equations one below the other. */
export const matrix = (rows: readonly (readonly string[])[]): string =>
  rows.map((cells) => cells.map((cell) => cell.trim()).join(', ')).join('; ');

/** One blank between words, none at the ends; invisible operators go. */
export const tidyFormula = (text: string): string =>
  text
    .replace(/[\u2061-\u2064]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
