import { readingsByPage } from './page-numbers.ts';
import type { Line } from './pdf-lines.ts';

type Pages = readonly (readonly Line[])[];
/** Lines at one height. */
type Row = readonly Line[];

/**
 * The pages with their running heads and feet left once, where each comes first: what stands at the upper or lower edge
 * of at least three pages and of more than half of them, at the same height, in the same words but for the page's
 * number. A line that comes once is never dropped, nor one with a number that may be other than its page's.
 */
export function withRunningHeadsOnce(pages: Pages): Line[][] {
  const counts = countPlaces(pages);
  const enough = Math.max(3, pages.length / 2 + 0.5);
  const seen = new Set<string>();
  return pages.map((lines, page) => {
    const runningPlaces = (line: Line): string[] =>
      placesOf(line, page, pages.length).filter((place) => (counts.get(place) ?? 0) >= enough);
    const repeated = new Set<Line>();
    for (const head of headsOf(lines, (line) => runningPlaces(line).length > 0)) {
      const places = runningPlaces(head);
      if (places.some((place) => seen.has(place))) repeated.add(head);
      for (const place of places) seen.add(place);
    }
    return lines.filter((line) => !repeated.has(line));
  });
}

/** On how many pages something stands at a place at their edges. */
function countPlaces(pages: Pages): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [page, lines] of pages.entries()) {
    const atEdges = edgesOf(lines).flat(2);
    for (const place of new Set(atEdges.flatMap((line) => placesOf(line, page, pages.length))))
      counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}

/** Each reading of a line with its height in whole points, up and down, so that a point's difference is none. */
const placesOf = (line: Line, page: number, pages: number): string[] =>
  [line.text, ...readingsByPage(line, page, pages)].flatMap((words) =>
    [0, 1].map((up) => `${Math.floor(line.y) + up} ${words}`),
  );

/** The lines that run at the edges: those of a row only behind others that run as a whole. */
const headsOf = (lines: readonly Line[], runs: (line: Line) => boolean): Line[] =>
  edgesOf(lines).flatMap((rows) => {
    const firstWithText = rows.findIndex((row) => !row.every(runs));
    return rows
      .slice(0, firstWithText < 0 ? rows.length : firstWithText + 1)
      .flat()
      .filter(runs);
  });

/** The rows of the upper and of the lower edge, from outside. */
function edgesOf(lines: readonly Line[]): Row[][] {
  const rows = rowsOf(lines);
  return [edgeOf(rows), edgeOf(rows.toReversed())];
}

/** No head has more rows. */
const mostRows = 4;

/** The outermost row, and those close to it when a clear gap parts them all from the text. */
function edgeOf(rows: readonly Row[]): Row[] {
  for (let size = 2; size <= mostRows && size < rows.length; size++) {
    const gaps = rows.slice(0, size).map((row, i) => gapBetween(row, rows[i + 1] ?? row));
    const within = Math.max(...gaps.slice(0, -1));
    if (within > closeRows) break;
    if ((gaps.at(-1) ?? 0) > within * 1.5) return rows.slice(0, size);
  }
  return rows.slice(0, 1);
}

/** From line to line, in sizes of their type. */
const closeRows = 2.5;

const gapBetween = ([a]: Row, [b]: Row): number =>
  a && b ? Math.abs(a.y - b.y) / Math.max(a.size, b.size, 1) : 0;

/** From the top of the page down. */
function rowsOf(lines: readonly Line[]): Row[] {
  const rows: Line[][] = [];
  for (const line of lines.toSorted((a, b) => b.y - a.y)) {
    const first = rows.at(-1)?.[0];
    if (first && first.y - line.y < Math.max(first.size, line.size) / 2) rows.at(-1)?.push(line);
    else rows.push([line]);
  }
  return rows;
}
