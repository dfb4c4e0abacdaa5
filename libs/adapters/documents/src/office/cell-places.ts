/** Excel's last column is XFD; a reference beyond it is an attempt to make us fill a row with blanks. */
export const maxColumns = 16_384;

/** `AB12` -> 27. */
export function columnOf(reference = ''): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0];
  if (!letters) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** Writes a cell of a row, with empty ones before it as needed. */
export function put(row: string[], column: number, text: string): void {
  if (column >= maxColumns) return;
  while (row.length < column) row.push('');
  row[column] = text;
}
