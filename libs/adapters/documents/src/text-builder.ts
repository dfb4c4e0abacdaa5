import { MillraceError } from '@millrace/contracts';
import type { Block, BlockKind } from '@millrace/text';
import type { Extract } from './extract.ts';

type Extras = Pick<Block, 'level' | 'page' | 'label'>;

/** Puts the text of a file together block by block, a blank line between blocks. */
export class TextBuilder {
  private readonly parts: string[] = [];
  private readonly blocks: Block[] = [];
  private readonly hidden: string[] = [];
  private length = 0;

  constructor(private readonly maxChars: number) {}

  add(kind: BlockKind, raw: string, extras: Extras = {}): void {
    const text = clean(raw).trim();
    if (text === '') return;
    if (this.length > 0) this.push('\n\n');
    const start = this.length;
    this.push(text);
    this.blocks.push({ kind, start, end: this.length, ...extras });
  }

  heading(level: number, raw: string, page?: number): void {
    const label = clean(raw).replace(/\s+/g, ' ').trim();
    this.add('heading', label, { level, page, label });
  }

  /** Another file's text, its headings `deeper` by so many levels. */
  append({ text, blocks, hidden = '' }: Extract, deeper: number): void {
    this.hide(hidden);
    if (this.length > 0) this.push('\n\n');
    const offset = this.length;
    this.push(text);
    for (const block of blocks)
      this.blocks.push({
        ...block,
        start: block.start + offset,
        end: block.end + offset,
        ...(block.level !== undefined && { level: block.level + deeper }),
      });
  }

  /** What the file does not show. */
  hide(raw: string): void {
    const text = clean(raw).trim();
    if (text !== '') this.hidden.push(text);
  }

  build(title?: string): Extract {
    const hidden = this.hidden.join('\n\n');
    return { title, text: this.parts.join(''), blocks: this.blocks, ...(hidden !== '' && { hidden }) };
  }

  private push(text: string): void {
    this.length += text.length;
    if (this.length > this.maxChars) throw tooMuchText(this.maxChars);
    this.parts.push(text);
  }
}

export const tooMuchText = (maxChars: number): MillraceError =>
  new MillraceError('too_many_chunks', { detail: `limit ${maxChars} characters` });

/** Control characters and halves of surrogate pairs come from broken files and break what comes after us. */
export const clean = (text: string): string =>
  text.replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, ' ').toWellFormed();
