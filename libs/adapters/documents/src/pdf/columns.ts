import { leastOf, lineOf, mostOf, type Line, type Segment } from './pdf-lines.ts';

/**
 * The lines with columns that the file draws across, line by line, put one after another. It wants to be sure: a column
 * has five lines at least that are full and read on from one to the next, which cells of tables do not. Columns that
 * the file draws one after another are left as they are.
 */
export function inColumns(lines: readonly Line[]): Line[] {
  const gutter = gutterOf(lines);
  if (gutter === undefined) return [...lines];
  return runsBeside(lines, gutter).flatMap((run) => columnsOf(run, gutter) ?? run);
}

const leastLines = 5;
/** Nobody sets more than eight columns. */
const deepest = 3;

/** Where most of what stands side by side has a gap: x in points. */
function gutterOf(lines: readonly Line[]): number | undefined {
  const edges = gapsOf(lines).flatMap(([left, right]) => [
    { x: left, step: 1 },
    { x: right, step: -1 },
  ]);
  edges.sort((a, b) => a.x - b.x || a.step - b.step);
  let open = 0;
  let best = { open: leastLines - 1, x: undefined as number | undefined };
  for (const [i, { x, step }] of edges.entries()) {
    open += step;
    if (open > best.open) best = { open, x: (x + (edges[i + 1]?.x ?? x)) / 2 };
  }
  return best.x;
}

/** Between each stretch and what the file draws next, when that is beside it and no line lower. */
function gapsOf(lines: readonly Line[]): [left: number, right: number][] {
  const pieces = lines.flatMap(({ segments, y, size }) =>
    segments.map(({ x, right }) => ({ x, right, y, size })),
  );
  return pieces.flatMap((piece, i): [number, number][] => {
    const next = pieces[i + 1];
    if (!next || Math.abs(next.y - piece.y) > piece.size * 1.2) return [];
    if (next.x > piece.right) return [[piece.right, next.x]];
    return piece.x > next.right ? [[next.right, piece.x]] : [];
  });
}

/** Stretches of lines that keep to the sides of the gutter without a wide gap downwards, and those that do not. */
function runsBeside(lines: readonly Line[], gutter: number): Line[][] {
  const runs: Line[][] = [];
  for (const line of lines) {
    const last = runs.at(-1)?.at(-1);
    const goesOn = last && last.y - line.y < line.size * 3 && crosses(last, gutter) === crosses(line, gutter);
    if (goesOn) runs.at(-1)?.push(line);
    else runs.push([line]);
  }
  return runs;
}

const crosses = ({ segments }: Line, gutter: number): boolean =>
  segments.some(({ x, right }) => x < gutter && right > gutter);

/** Left before right, when the file draws them across and both are prose, or columns of prose again. */
function columnsOf(run: readonly Line[], gutter: number, depth = 1): Line[] | undefined {
  const left = sideOf(run, ({ right }) => right <= gutter);
  const right = sideOf(run, ({ x }) => x >= gutter);
  const least = Math.min(left.length, right.length);
  if (least < leastLines || timesAcross(run, gutter) < least) return undefined;
  const columns = [left, right].map((side) => (isProse(side) ? side : nested(side, depth)));
  return columns.every((column) => column !== undefined) ? columns.flat() : undefined;
}

function nested(lines: readonly Line[], depth: number): Line[] | undefined {
  const gutter = depth < deepest ? gutterOf(lines) : undefined;
  if (gutter === undefined || lines.some((line) => crosses(line, gutter))) return undefined;
  return columnsOf(lines, gutter, depth + 1);
}

const sideOf = (lines: readonly Line[], isOnIt: (segment: Segment) => boolean): Line[] =>
  lines.flatMap(({ segments, y, size }) => {
    const own = segments.filter(isOnIt);
    return own.length > 0 ? [lineOf(own, y, size)] : [];
  });

/** How often the file goes from one side to the other. */
function timesAcross(run: readonly Line[], gutter: number): number {
  const sides = run.flatMap(({ segments }) => segments.map(({ x }) => x >= gutter));
  return sides.filter((side, i) => i > 0 && side !== sides[i - 1]).length;
}

/** Lines of words without gaps, most of which begin under each other, are full, and go on with the sentence before. */
function isProse(lines: readonly Line[]): boolean {
  const left = leastOf(lines.map(leftOf));
  const width = mostOf(lines.map(rightOf)) - left;
  return (
    share(lines, ({ segments }) => segments.length === 1) > 0.8 &&
    share(lines, (line) => leftOf(line) - left < line.size * 1.5) > 0.6 &&
    share(lines, (line) => rightOf(line) - left > width * 0.75) > 0.6 &&
    share(lines, ({ text }) => text.split(' ').length > 2 || /^\p{Lo}{10}/u.test(text)) > 0.6 &&
    share(lines.slice(1), ({ text }) => /^[\p{Ll}\p{Lo}]/u.test(text)) > 0.4
  );
}

const share = (lines: readonly Line[], is: (line: Line) => boolean): number =>
  lines.filter(is).length / Math.max(lines.length, 1);

const leftOf = ({ segments }: Line): number => leastOf(segments.map(({ x }) => x));
const rightOf = ({ segments }: Line): number => mostOf(segments.map(({ right }) => right));
