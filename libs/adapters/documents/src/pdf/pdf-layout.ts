import type { TextBuilder } from '../text-builder.ts';
import { inColumns } from './columns.ts';
import { lineJoiner, type JoinLines } from './hyphens.ts';
import type { Line } from './pdf-lines.ts';
import { withRunningHeadsOnce } from './running-heads.ts';

export interface Page {
  readonly lines: readonly Line[];
  /** Values of form fields and text laid over the page. */
  readonly filledIn: readonly string[];
  /** Something of it could not be read. */
  readonly isDamaged: boolean;
}

export const hasText = ({ lines, filledIn }: Page): boolean => lines.length + filledIn.length > 0;

/**
 * Adds the pages: running heads left once, columns one after another, lines joined to paragraphs, larger type taken for headings; at the end of
 * each page what was filled in, and that it is damaged.
 */
export function addPages(builder: TextBuilder, pages: readonly Page[]): void {
  const drawn = pages.map(({ lines }) => lines);
  const sizes = headingSizes(drawn.flat());
  const join = lineJoiner(drawn.flat().map(({ text }) => text));
  for (const [index, lines] of withRunningHeadsOnce(drawn).entries()) {
    addPage(builder, paragraphsOf(inColumns(lines), join), sizes, index + 1);
    const page = pages[index]!;
    for (const text of [page.filledIn.join('\n'), damageOf(page, index + 1)])
      builder.add('paragraph', text, { page: index + 1 });
  }
}

/** Part of the text, as an attachment of a mail that is not read: who asks for what is missing finds why. */
const damageOf = (page: Page, number: number): string =>
  page.isDamaged ? `Page ${number} (${hasText(page) ? 'read in part' : 'not read'}: damaged)` : '';

/** Type sizes compare in half points. */
const rounded = (size: number): number => Math.round(size * 2) / 2;

/** Sizes clearly above the body's, largest first: the levels 1 to 4. The body is the size most characters have. */
function headingSizes(lines: readonly Line[]): number[] {
  const chars = new Map<number, number>();
  for (const { size, text } of lines) chars.set(rounded(size), (chars.get(rounded(size)) ?? 0) + text.length);
  const body = [...chars].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0])[0];
  return [...chars.keys()]
    .filter((size) => size >= body * 1.15)
    .sort((a, b) => b - a)
    .slice(0, 4);
}

const longestHeading = 200;

interface Paragraph {
  readonly text: string;
  readonly size: number;
}

const paragraphsOf = (lines: readonly Line[], join: JoinLines): Paragraph[] =>
  grouped(lines, usualSpacing(lines)).map((group) => ({
    text: join(group.map(({ text }) => text)),
    size: group[0]?.size ?? 0,
  }));

function addPage(
  builder: TextBuilder,
  paragraphs: readonly Paragraph[],
  sizes: readonly number[],
  page: number,
): void {
  for (const { text, size } of paragraphs) {
    const level = sizes.indexOf(rounded(size)) + 1;
    if (level > 0 && text.length <= longestHeading && /\p{L}/u.test(text)) builder.heading(level, text, page);
    else builder.add('paragraph', text, { page });
  }
}

/** The distance of most lines to the next, in their own size; 1.2 where there is nothing to measure. */
function usualSpacing(lines: readonly Line[]): number {
  const steps = lines
    .slice(1)
    .map((line, i) => ((lines[i]?.y ?? 0) - line.y) / Math.max(line.size, 1))
    .filter((step) => step > 0.5 && step < 3)
    .sort((a, b) => a - b);
  return steps[steps.length >> 1] ?? 1.2;
}

/** Lines of one paragraph: same size, usual distance, downwards. */
function grouped(lines: readonly Line[], spacing: number): Line[][] {
  const groups: Line[][] = [];
  for (const line of lines) {
    const last = groups.at(-1)?.at(-1);
    if (last && continues(last, line, spacing)) groups.at(-1)?.push(line);
    else groups.push([line]);
  }
  return groups;
}

function continues(last: Line, line: Line, spacing: number): boolean {
  const step = (last.y - line.y) / Math.max(line.size, 1);
  return rounded(last.size) === rounded(line.size) && step > 0 && step < spacing * 1.4;
}
