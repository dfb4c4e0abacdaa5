import type { Line } from './pdf-lines.ts';

type Pages = readonly (readonly Line[])[];

/**
 * The pages without their running heads and feet: what stands among the first and last lines of at least three pages
 * and of more than half of them, at the same height, in the same words but for the page's number.
 */
export function withoutRunningHeads(pages: Pages): Line[][] {
  const counts = new Map<string, number>();
  for (const [page, lines] of pages.entries())
    for (const place of new Set(lines.filter(isEdge).flatMap((line) => placesOf(line, page))))
      counts.set(place, (counts.get(place) ?? 0) + 1);
  const enough = Math.max(3, pages.length / 2 + 0.5);
  const runs = (line: Line, page: number): boolean =>
    placesOf(line, page).some((place) => (counts.get(place) ?? 0) >= enough);
  return pages.map((lines, page) =>
    lines.filter((line, at) => !isEdge(line, at, lines) || !runs(line, page)),
  );
}

const isEdge = (_: Line, at: number, lines: readonly Line[]): boolean => at < 2 || at >= lines.length - 2;

/** Each reading of a line with its height in whole points, up and down, so that a point's difference is none. */
const placesOf = (line: Line, page: number): string[] =>
  readings(line.text, page).flatMap((words) => [0, 1].map((up) => `${Math.floor(line.y) + up} ${words}`));

/** No page head is longer, in UTF-16 units. */
const longestHead = 200;

/** A number by itself, or one of a total as in 3/10: no part of a date, an amount or a telephone number. */
const loneNumber = /(?<![\d\p{L}]|\d[-.,:/])\d{1,6}(?![\d\p{L}]|[-.,:]\d|\/\d+\/)/gu;

/** The line as it stands, and with each number in it told by how far it is from the page's own. */
function readings(text: string, page: number): string[] {
  if (text.length > longestHead) return [text];
  const counted = [...text.matchAll(loneNumber)].map(
    ({ 0: number, index }) =>
      `${text.slice(0, index)}#${Number(number) - page}#${text.slice(index + number.length)}`,
  );
  return [text, ...counted];
}
