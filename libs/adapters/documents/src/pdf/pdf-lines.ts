/** One line of a page, in the order in which the file draws it. Lengths in points, y upwards. */
export interface Line {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Size of its type. */
  readonly size: number;
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
  const text = items.map((item, i) => (needsBlank(items[i - 1], item) ? ` ${item.str}` : item.str)).join('');
  const first = items.find(({ str }) => str.trim() !== '');
  if (!first || text.trim() === '') return undefined;
  const [, , , , x = 0, y = 0] = first.transform;
  const size = Math.max(...items.filter(({ str }) => str.trim() !== '').map(sizeOf));
  return { text: text.replace(/\s+/g, ' ').replace(leaders, ' … ').trim(), x, y, size };
}

/** The dots that lead the eye through a table of contents. */
const leaders = / ?(?:\. ?){5,}/g;

/** Words set apart by position alone. */
function needsBlank(previous: Item | undefined, item: Item): boolean {
  if (!previous || /\s$/.test(previous.str) || /^\s/.test(item.str)) return false;
  const gap = (item.transform[4] ?? 0) - (previous.transform[4] ?? 0) - previous.width;
  return gap > sizeOf(item) * 0.2;
}
