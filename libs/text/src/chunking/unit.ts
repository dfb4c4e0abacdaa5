import { sentences } from '../sentences.ts';
import type { Block, BlockKind } from './block.ts';

/** From a whole block down to a cut inside a word: each is cut into the next when it does not fit. */
export type Grain = 'block' | 'line' | 'sentence' | 'word' | 'piece';

/** The smallest thing the packer moves: a range of the text without white space at its ends. */
export interface Unit {
  readonly kind: BlockKind;
  readonly grain: Grain;
  readonly start: number;
  readonly end: number;
  /** Infinity when the unit has more characters than any chunk may have. */
  readonly tokens: number;
  readonly page: number | undefined;
  /** Of a table: its header row's words. */
  readonly label: string | undefined;
  /** The same, of a row that stands without its header row. */
  readonly header: string | undefined;
}

type Range = readonly [start: number, end: number];

/** Cuts blocks of one text into ever finer units. */
export class UnitCutter {
  constructor(
    private readonly text: string,
    private readonly count: (text: string) => number,
    /** UTF-16 units that a chunk may have at most. */
    private readonly maxChars: number,
  ) {}

  /** The block as one unit; undefined when it is blank. */
  whole({ kind, start, end, page, label }: Block): Unit | undefined {
    const like = { kind, page, label: kind === 'table' ? label : undefined, header: undefined };
    return this.unit(like, 'block', [start, end]);
  }

  /** The same range in units of the next finer grain; a piece of a word has at most `maxTokens`. */
  *finer(unit: Unit, maxTokens: number): Iterable<Unit> {
    const { grain, ranges } = this.cut(unit, maxTokens);
    for (const range of ranges) {
      const isBelowHeader = unit.grain === 'block' && range[0] > unit.start;
      const part = this.unit(isBelowHeader ? { ...unit, header: unit.label } : unit, grain, range);
      if (part) yield part;
    }
  }

  private cut(unit: Unit, maxTokens: number): { grain: Grain; ranges: Iterable<Range> } {
    const range: Range = [unit.start, unit.end];
    if (unit.grain === 'block' && unit.kind !== 'paragraph' && unit.kind !== 'heading')
      return { grain: 'line', ranges: this.matches(/[^\n]+/g, range) };
    if (unit.grain === 'block' || unit.grain === 'line')
      return { grain: 'sentence', ranges: this.sentences(range) };
    if (unit.grain === 'sentence') return { grain: 'word', ranges: this.matches(/\S+/g, range) };
    return { grain: 'piece', ranges: this.pieces(range, maxTokens) };
  }

  private *matches(pattern: RegExp, [start, end]: Range): Iterable<Range> {
    for (const { 0: match, index } of this.text.slice(start, end).matchAll(pattern))
      yield [start + index, start + index + match.length];
  }

  private *sentences([start, end]: Range): Iterable<Range> {
    for (const each of sentences(this.text.slice(start, end))) yield [start + each.start, start + each.end];
  }

  /** Starts with as many characters as the density at the beginning allows and halves what is still too much. */
  private *pieces([start, end]: Range, maxTokens: number): Iterable<Range> {
    const sample = this.text.slice(start, Math.min(end, start + this.maxChars));
    const fitting = Math.floor((maxTokens * sample.length) / Math.max(this.count(sample), 1));
    const longest = Math.max(1, Math.min(fitting, this.maxChars));
    for (let from = start; from < end;) {
      let length = longest;
      let to = graphemeBoundary(this.text, from, Math.min(from + length, end));
      while (length > 1 && this.count(this.text.slice(from, to)) > maxTokens) {
        length >>= 1;
        to = graphemeBoundary(this.text, from, Math.min(from + length, end));
      }
      yield [from, to];
      from = to;
    }
  }

  private unit(
    { kind, page, label, header }: Pick<Unit, 'kind' | 'page' | 'label' | 'header'>,
    grain: Grain,
    [from, to]: Range,
  ): Unit | undefined {
    const slice = this.text.slice(from, to);
    const trimmed = slice.trim();
    if (trimmed === '') return undefined;
    const start = from + slice.indexOf(trimmed);
    const end = start + trimmed.length;
    const tokens = trimmed.length > this.maxChars ? Infinity : this.count(trimmed);
    return { kind, page, label, header, grain, start, end, tokens };
  }
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Longer clusters exist only to break software: they are cut between code points. In UTF-16 units. */
const longestGrapheme = 64;

/** The last place at or before `end` where the text may be cut without splitting what a reader sees as one sign. */
function graphemeBoundary(text: string, start: number, end: number): number {
  if (end >= text.length || (text.charCodeAt(end) < 0x80 && text.charCodeAt(end - 1) < 0x80)) return end;
  const from = Math.max(start, end - longestGrapheme);
  const cluster = graphemes.segment(text.slice(from, end + longestGrapheme)).containing(end - from);
  const boundary = from + (cluster?.index ?? 0);
  if (boundary > from) return boundary;
  return isInsidePair(text, end) ? (end - 1 > start ? end - 1 : end + 1) : end;
}

const isInsidePair = (text: string, at: number): boolean =>
  /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at));
