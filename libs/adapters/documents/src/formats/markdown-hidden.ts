import type { Token } from 'markdown-it';
import { commentsInLine, hiddenInBlock, type Range } from './markdown-html.ts';

/** What the author hid: in blocks of HTML, and comments between words. `rangeOf` gives the lines of a token. */
export function hiddenRanges(
  text: string,
  tokens: readonly Token[],
  rangeOf: (token: Token) => Range | undefined,
): Range[] {
  return tokens.flatMap((token) => {
    const find = finders[token.type];
    const [start = 0, end = 0] = (find && rangeOf(token)) ?? [];
    const found = find?.(text.slice(start, end)) ?? [];
    return found.map(([from, to]): Range => [start + from, start + to]);
  });
}

/** The words of a cell do not say where they stand; those of their row do. */
const finders: Readonly<Record<string, (markup: string) => Range[]>> = {
  html_block: hiddenInBlock,
  inline: commentsInLine,
  tr_open: commentsInLine,
};

/** The text with blanks in place of these ranges, which come in order: all else keeps its offset. */
export function blanked(text: string, ranges: readonly Range[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of ranges) {
    parts.push(text.slice(from, start), text.slice(start, end).replace(/[^\r\n]/g, ' '));
    from = end;
  }
  return parts.join('') + text.slice(from);
}
