import { MillraceError, type Chunk } from '@millrace/contracts';
import type { Block } from './block.ts';
import { charsPerToken, Draft, fittingHeadings, type Limits } from './draft.ts';
import { SectionPath } from './section-path.ts';
import { UnitCutter, type Unit } from './unit.ts';

/** Changes when the same text may be cut differently: part of a chunk's lineage. */
export const chunkerVersion = 'structure@5';

export interface ChunkerOptions {
  /** Upper bound of a chunk with its headings and the model's two special tokens. Default 256, MiniLM's training length. */
  readonly maxTokens?: number | undefined;
  /** More are refused with `too_many_chunks`. Default: no limit. */
  readonly maxChunks?: number | undefined;
  /** Tokens of a text without special tokens; must add up over texts joined by white space. */
  readonly count: (text: string) => number;
}

export type TextChunk = Omit<Chunk, 'id'>;

/**
 * Cuts a text along its structure. A chunk is one stretch of the text (`text.slice(start, end)`), keeps to its
 * section, and is cut inside a paragraph only where that alone is too long. Parts of a long table carry the header
 * row as their last heading. A stretch without letter, digit or symbol makes none. Time is linear in the text's length.
 */
export function chunkText(text: string, blocks: Iterable<Block>, options: ChunkerOptions): TextChunk[] {
  const chunker = new Chunker(text, options);
  for (const block of blocks) chunker.add(block);
  return chunker.finish();
}

const specialTokens = 2;

/** A letter with its marks, a digit or a symbol, that can be seen: a model finds a blank near to everything. */
const saysSomething = /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\p{S}]/u;

const words = /[\p{L}\p{N}]/u;

/** Characters between chunks that are kept for joining them. */
const longestGap = 256;

class Chunker {
  private readonly chunks: TextChunk[] = [];
  private readonly path = new SectionPath();
  private readonly cutter: UnitCutter;
  private readonly count: (text: string) => number;
  private readonly maxTokens: number;
  private readonly maxChars: number;
  private readonly maxChunks: number;
  /** Kept back until its successor is closed, which may take some of its units. */
  private previous: Draft | undefined;
  private open: Draft | undefined;

  constructor(
    private readonly text: string,
    { maxTokens = 256, maxChunks = Infinity, count }: ChunkerOptions,
  ) {
    this.maxTokens = maxTokens;
    this.maxChars = maxTokens * charsPerToken;
    this.maxChunks = maxChunks;
    this.count = count;
    this.cutter = new UnitCutter(text, count, this.maxChars);
  }

  add(block: Block): void {
    const unit = this.cutter.whole(block);
    if (!unit) return;
    if (block.kind !== 'heading') return this.place(unit);
    const level = block.level ?? 1;
    if (this.endsAt(level)) this.endSection();
    this.path.leave(level);
    this.open ??= this.draft(unit, level);
    this.place(unit, level);
    this.path.enter(
      level,
      (block.label ?? this.text.slice(unit.start, unit.end)).replace(/\s+/g, ' ').trim(),
    );
  }

  finish(): TextChunk[] {
    this.endSection();
    return this.chunks;
  }

  /** A higher heading ends the open chunk, one of the same level when it is not tiny, a lower one when half full. */
  private endsAt(level: number): boolean {
    if (!this.open) return false;
    if (level < this.open.level) return true;
    return this.open.tokens >= (level === this.open.level ? this.tiny : this.half);
  }

  private place(unit: Unit, level = this.path.level): void {
    if (this.open && !this.joins(unit)) this.close();
    this.open ??= this.draft(unit, level);
    const indivisible = unit.grain === 'piece' && unit.end - unit.start <= 2;
    if (this.open.takes(unit) || indivisible) this.open.append(unit);
    else for (const part of this.cutter.finer(unit, this.open.limits.tokens)) this.place(part, level);
  }

  /** Whether the unit, whole or in parts, goes on in the open chunk. Words left out between them part the two. */
  private joins(unit: Unit): boolean {
    const open = this.open;
    if (!open || open.units.length === 0) return true;
    const gap = this.text.slice(open.end, unit.start);
    if (words.test(gap) || (gap === '' && unit.grain === 'piece')) return false;
    if (open.takes(unit)) return true;
    if (unit.grain === 'piece') return false;
    const fitsAfresh = this.draft(unit, open.level).takes(unit);
    if (open.endsInHeading) return !(fitsAfresh && (unit.grain === 'word' || unit.kind === 'heading'));
    if (open.tokens >= this.half) return false;
    return !fitsAfresh || (unit.grain === 'block' && (unit.kind === 'paragraph' || unit.kind === 'list'));
  }

  /** An empty chunk that could begin with this unit. */
  private draft({ header }: Unit, level: number): Draft {
    const above = header === undefined ? this.path.labels : [...this.path.labels, header];
    const { headings, tokens } = fittingHeadings(above, this.maxTokens - specialTokens, this.count);
    const limits: Limits = {
      tokens: Math.max(1, this.maxTokens - specialTokens - tokens),
      chars: this.maxChars,
    };
    return new Draft(headings, level, limits);
  }

  private close(): void {
    const closed = this.open;
    this.open = undefined;
    if (!closed || closed.units.length === 0) return;
    if (this.previous && closed.tokens < this.tiny) this.refill(closed, this.previous);
    if (this.previous) this.emit(this.previous);
    this.previous = closed;
  }

  private refill(closed: Draft, previous: Draft): void {
    const gap = this.text.slice(previous.end, closed.start);
    const continues = closed.units[0]?.kind !== 'heading' && gap !== '' && gap.trim() === '';
    if (continues) closed.refillFrom(previous, this.tiny, this.half);
  }

  /** Nothing moves from one section to the next. */
  private endSection(): void {
    this.close();
    if (this.previous) this.emit(this.previous);
    this.previous = undefined;
  }

  private emit(draft: Draft): void {
    const { start, end, headings } = draft;
    const text = this.text.slice(start, end);
    if (!saysSomething.test(text)) return;
    const tokens = this.count(text);
    if (tokens > draft.limits.tokens && draft.units.length > 1) return this.emitHalves(draft);
    if (this.chunks.length >= this.maxChunks)
      throw new MillraceError('too_many_chunks', { detail: `limit ${this.maxChunks} chunks` });
    const page = draft.units[0]?.page;
    this.chunks.push({
      ordinal: this.chunks.length,
      text,
      start,
      end,
      ...this.gapBefore(start),
      tokens,
      headings: [...headings],
      ...(page !== undefined && { page }),
    });
  }

  private gapBefore(start: number): Pick<TextChunk, 'gap'> {
    const gap = this.text.slice(this.chunks.at(-1)?.end ?? start, start);
    return gap === '' || gap.length > longestGap || words.test(gap) ? {} : { gap };
  }

  /** Where units met without white space between them, the whole may have more tokens than its parts. */
  private emitHalves(draft: Draft): void {
    const middle = draft.units.length >> 1;
    for (const units of [draft.units.slice(0, middle), draft.units.slice(middle)]) {
      const half = new Draft(draft.headings, draft.level, draft.limits);
      for (const unit of units) half.append(unit);
      this.emit(half);
    }
  }

  private get tiny(): number {
    return this.maxTokens / 8;
  }

  private get half(): number {
    return this.maxTokens / 2;
  }
}
