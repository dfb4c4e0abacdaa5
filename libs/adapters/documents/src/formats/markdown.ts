import type { Block } from '@millrace/text';
import type { MarkdownIt, Token } from 'markdown-it';
import type { Extract } from '../extract.ts';
import { frontMatter } from './front-matter.ts';
import { blanked, hiddenRanges } from './markdown-hidden.ts';
import { hasShownText, type Range } from './markdown-html.ts';
import { LabelReader } from './markdown-labels.ts';

/**
 * Markdown with tables: the text is the source as it stands, with blanks in place of what is hidden, so that offsets are
 * the author's own. Only blocks are looked for, in time that grows with the length; what stands within a line is read where it becomes a label.
 */
export async function readMarkdown(text: string): Promise<Extract> {
  const { default: Markdown } = await import('markdown-it');
  const { length, title } = frontMatter(text);
  const body = text.slice(length);
  const outline = new Markdown({ html: true });
  outline.core.ruler.enableOnly(['normalize', 'block']);
  keepFootnotes(outline);
  const definitions = {};
  const tokens = outline.parse(body, definitions);
  const labels = new LabelReader(new Markdown({ html: true }), tokens, definitions);
  const lines = [0, ...[...body.matchAll(/\r\n?|\n/g)].map(({ 0: end, index }) => index + end.length)];
  const rangeOf = ({ map }: Token): Range | undefined => {
    const [from, to] = (map ?? []).map((line) => length + (lines[line] ?? body.length));
    return from === undefined || to === undefined ? undefined : [from, to];
  };
  const ranges = hiddenRanges(text, tokens, rangeOf);
  const shown = blanked(text, ranges);
  const blocks: Block[] = [];
  for (const [index, token] of tokens.entries()) {
    const range = isBlock(token) ? rangeOf(token) : undefined;
    const block = range && blockOf(token, () => labels.at(index));
    if (block) blocks.push({ ...block, ...trimmed(shown, range, token) });
  }
  const hidden = ranges.map(([from, to]) => text.slice(from, to)).join('\n');
  return { title, text: shown, blocks, ...(hidden !== '' && { hidden }) };
}

/** `[^1]: word` is a footnote, not the definition of a link. */
function keepFootnotes({ block: { ruler } }: MarkdownIt): void {
  const paragraph = ruler.getRules('').at(-1);
  ruler.before('reference', 'footnote', (state, line, end, silent) => {
    const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
    return state.src.startsWith('[^', start) && paragraph?.(state, line, end, silent) === true;
  });
}

/** Blocks of the page, and each item of a list. */
const isBlock = ({ level, type }: Token): boolean =>
  level === 0 || (level === 1 && type === 'list_item_open');

function blockOf(token: Token, label: () => string): Omit<Block, 'start' | 'end'> | undefined {
  switch (token.type) {
    case 'paragraph_open':
    case 'blockquote_open':
      return { kind: 'paragraph' };
    case 'list_item_open':
      return { kind: 'list' };
    case 'fence':
    case 'code_block':
      return { kind: 'code' };
    case 'heading_open':
      return { kind: 'heading', level: Number(token.tag.slice(1)), label: label() };
    case 'table_open':
      return { kind: 'table', label: label() };
    case 'html_block':
      return hasShownText(token.content) ? { kind: 'paragraph' } : undefined;
    default:
      return undefined;
  }
}

/** Lines without the blanks around them; indented code keeps its indentation. */
function trimmed(text: string, [from, to]: Range, { type }: Token): { start: number; end: number } {
  const lines = text.slice(from, to);
  const indent = type === 'code_block' ? 0 : lines.length - lines.trimStart().length;
  return { start: from + indent, end: from + lines.trimEnd().length };
}
