import type { Block } from '@millrace/text';
import type { Extract } from '../extract.ts';
import { stretches } from './lines.ts';

/** Plain text: the source as it stands, cut at blank lines. */
export const readText = (text: string): Extract => ({ text, blocks: [...stretches(text, 'paragraph')] });

/** Source code and configuration: the same, lines kept together. */
export const readCode = (text: string): Extract => ({ text, blocks: [...stretches(text, 'code')] });

const asciidocHeading = /^(={1,6})[ \t]+(\S.*)$/;

/** AsciiDoc: the source as it stands; headings are known, tables are cut by lines. */
export function readAsciidoc(text: string): Extract {
  const blocks: Block[] = [];
  for (const stretch of stretches(text, 'paragraph'))
    for (const block of asciidocBlocks(text, stretch)) blocks.push(block);
  return { text, blocks };
}

function* asciidocBlocks(text: string, { start, end }: Block): Generator<Block> {
  let from = start;
  for (const { 0: line, index } of text.slice(start, end).matchAll(/[^\n]+/g)) {
    const heading = asciidocHeading.exec(line.trimEnd());
    if (!heading) continue;
    const at = start + index;
    if (at > from) yield asciidocBody(text, from, at);
    from = at + line.length;
    yield { kind: 'heading', level: heading[1]?.length ?? 1, label: heading[2], start: at, end: from };
  }
  if (end > from) yield asciidocBody(text, from, end);
}

const asciidocBody = (text: string, start: number, end: number): Block => ({
  kind: /^\s*\|/.test(text.slice(start, end)) ? 'table' : 'paragraph',
  start,
  end,
});
