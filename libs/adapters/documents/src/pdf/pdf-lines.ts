import { joinedRuns, type Run } from '../powers.ts';

/** One line of a page, in the order in which the file draws it. Lengths in points, y upwards. */
export interface Line {
  readonly text: string;
  readonly y: number;
  /** Size of its type. */
  readonly size: number;
  /** What wide gaps part it into: one where there is none. */
  readonly segments: readonly Segment[];
}

/** A stretch of a line without a wide gap. */
export interface Segment {
  readonly text: string;
  readonly x: number;
  readonly right: number;
}

/** What we use of a text item of pdf.js. */
interface Item {
  readonly str: string;
  readonly transform: readonly number[];
  readonly height: number;
  readonly width: number;
  readonly hasEOL: boolean;
}

const isItem = (item: object): item is Item => 'str' in item && 'transform' in item;

/** Joins the items of a page to lines: an end of line is marked, or shows as a jump of the baseline. */
export function linesOf(items: readonly object[]): Line[] {
  const lines: Line[] = [];
  let open: Item[] = [];
  const close = (): void => {
    const line = joined(open);
    if (line) lines.push(line);
    open = [];
  };
  for (const item of items) {
    if (!isItem(item)) continue;
    const previous = open.at(-1);
    if (previous && item.str.trim() !== '' && !sameLine(previous, item)) close();
    open.push(item);
    if (item.hasEOL) close();
  }
  close();
  return lines;
}

const sizeOf = ({ height, transform: [a = 0, b = 0] }: Item): number => height || Math.hypot(a, b);

/** Superscripts keep to their line: half the type size is within it. */
function sameLine(previous: Item, item: Item): boolean {
  const size = Math.max(sizeOf(previous), sizeOf(item), 1);
  return Math.abs((previous.transform[5] ?? 0) - (item.transform[5] ?? 0)) < size * 0.6;
}

function joined(items: readonly Item[]): Line | undefined {
  const drawn = items.filter(isDrawn);
  if (!drawn[0]) return undefined;
  return lineOf(segmentsOf(items), drawn[0].transform[5] ?? 0, mostOf(drawn.map(sizeOf)));
}

/** A line of these segments. */
export const lineOf = (segments: readonly Segment[], y: number, size: number): Line => ({
  text: tidy(segments.map(({ text }) => text).join(' ')).replace(leaders, ' … '),
  y,
  size,
  segments,
});

const isDrawn = ({ str }: Item): boolean => str.trim() !== '';

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The dots that lead the eye through a table of contents. */
const leaders = / ?(?:\. ?){5,}/g;

function segmentsOf(items: readonly Item[]): Segment[] {
  const segments: Item[][] = [[]];
  let last: Item | undefined;
  for (const item of items) {
    if (last && isDrawn(item) && spaceBetween(last, item) > sizeOf(item) * wideGap) segments.push([]);
    segments.at(-1)?.push(item);
    if (isDrawn(item)) last = item;
  }
  return segments.map(segmentOf);
}

/** In type sizes: wider than what parts words, justified lines included, and narrower than what parts columns. */
const wideGap = 1;

function segmentOf(items: readonly Item[]): Segment {
  const text = joinedRuns(runsOf(items));
  const drawn = items.filter(isDrawn);
  const x = leastOf(drawn.map(leftOf));
  return { text: tidy(text), x, right: mostOf(drawn.map(rightOf)) };
}

const leftOf = ({ transform }: Item): number => transform[4] ?? 0;
const rightOf = (item: Item): number => leftOf(item) + item.width;
const gapBetween = (previous: Item, item: Item): number => leftOf(item) - rightOf(previous);

/** To either side. */
const spaceBetween = (a: Item, b: Item): number => Math.max(gapBetween(a, b), gapBetween(b, a));

/** Items as they stand on their line: in smaller type, raised above the last one that is not. */
function runsOf(items: readonly Item[]): Run[] {
  let base: Item | undefined;
  return items.flatMap((item, at) => {
    const blank = needsBlank(items[at - 1], item) ? ' ' : '';
    const script = base && isRaised(base, item) ? 'above' : undefined;
    if (isDrawn(item) && !script) base = item;
    return [{ text: blank }, { text: item.str, script }];
  });
}

function isRaised(base: Item, item: Item): boolean {
  const rise = (item.transform[5] ?? 0) - (base.transform[5] ?? 0);
  return isDrawn(item) && sizeOf(item) <= sizeOf(base) * 0.85 && rise > sizeOf(base) * 0.15;
}

/** Words set apart by position alone. */
function needsBlank(previous: Item | undefined, item: Item): boolean {
  if (!previous || /\s$/.test(previous.str) || /^\s/.test(item.str)) return false;
  return gapBetween(previous, item) > sizeOf(item) * 0.2;
}

/** A file may have more of anything than a call takes arguments. */
export const leastOf = (numbers: readonly number[]): number =>
  numbers.reduce((least, each) => Math.min(least, each), Infinity);
export const mostOf = (numbers: readonly number[]): number =>
  numbers.reduce((most, each) => Math.max(most, each), -Infinity);
