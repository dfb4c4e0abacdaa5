import { printableInColour } from './printable.ts';

/** Columns as wide as their widest cell; the last is left ragged. Numbers stand at the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, ...rows].map((row) => row.map((cell) => printableInColour(String(cell))));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const numeric = head.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const cell = (text: string, column: number): string => {
    if (numeric[column]) return text.padStart(widths[column]!);
    return column === head.length - 1 ? text : text.padEnd(widths[column]!);
  };
  return lines.map((line) => line.map(cell).join('  ').trimEnd()).join('\n');
}
