import { isLoneYear, readingsByPage } from './page-numbers.ts';
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
  const edges = pages.map(edgesOf);
  const places = edges.map((each, page) => placesByLine(each.flat(), page, pages.length));
  const running = placesOnMany(places);
  const seen = new Set<string>();
  return pages.map((lines, page) => {
    const runningPlaces = (line: Line): string[] =>
      places[page]?.get(line)?.filter((place) => running.has(place)) ?? [];
    const repeated = new Set<Line>();
    for (const head of (edges[page] ?? []).flatMap((edge) => headsOf(edge, runningPlaces))) {
      if (runningPlaces(head).some((place) => seen.has(place))) repeated.add(head);
      for (const place of runningPlaces(head)) seen.add(place);
    }
    return lines.filter((line) => !repeated.has(line));
  });
}

/** Each reading of each line with its height in whole points, up and down, so that a point's difference is none. */
function placesByLine(rows: readonly Row[], page: number, pages: number): Map<Line, string[]> {
  const placesOf = (line: Line, isAlone: boolean): string[] =>
    [line.text, ...readingsByPage(line, { page, pages, isAlone })].flatMap((words) =>
      [0, 1].map((up) => `${Math.floor(line.y) + up} ${words}`),
    );
  return new Map(rows.flatMap((row) => row.map((line) => [line, placesOf(line, row.length === 1)] as const)));
}

/** Those that come on three pages and on more than half, in lines that are no years. */
function placesOnMany(pages: readonly ReadonlyMap<Line, readonly string[]>[]): Set<string> {
  const counts = new Map<string, number>();
  for (const places of pages) {
    const onPage = [...places].filter(([line]) => !isLoneYear(line)).flatMap(([, each]) => each);
    for (const place of new Set(onPage)) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const enough = Math.max(3, pages.length / 2 + 0.5);
  return new Set([...counts].filter(([, count]) => count >= enough).map(([place]) => place));
}

/** The lines that run at an edge: those of a row only behind others that run as a whole. */
function headsOf(edge: readonly Row[], runningPlaces: (line: Line) => readonly string[]): Line[] {
  const runs = (line: Line): boolean => runningPlaces(line).length > 0;
  const firstWithText = edge.findIndex((row) => !row.every(runs));
  return edge
    .slice(0, firstWithText < 0 ? edge.length : firstWithText + 1)
    .flat()
    .filter(runs);
}

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
