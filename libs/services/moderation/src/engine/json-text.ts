import { firstAtLeast } from './first-at-least.ts';
import type { Span } from './spans.ts';

/** A stretch of JSON that somebody chose: what stands between two quotes, or a number or word without them. */
interface Value {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

/** A string, as far as it is there, or what stands outside of any. */
const anyValue = /"([^"\\]*(?:\\[\s\S][^"\\]*)*\\?)"?|[^\s{}[\],:"]+/g;
const bareEnd = /[^\s{}[\],:"]$/;

/** Of a longer number or word a part leaves before its end is known, and what is found in it cannot be redacted any more. */
const maxBare = 256;

/** A piece of JSON out of which things are taken so that JSON stays. Offsets count in the piece. */
export class JsonText {
  private readonly values: readonly Value[];
  private readonly ends: readonly number[];
  private readonly goesOn: boolean;

  /**
   * @param insideString whether it begins inside a string
   * @param preceding the end of what stands before
   */
  constructor(
    private readonly text: string,
    insideString: boolean,
    preceding: string,
  ) {
    this.values = valuesOf(text, insideString);
    this.ends = this.values.map(({ end }) => end);
    this.goesOn = !insideString && bareEnd.test(preceding);
  }

  /** The quotes of a string are outside. */
  isInString(at: number): boolean {
    const value = this.values[firstAtLeast(this.ends, at)];
    return value !== undefined && value.quoted && value.start <= at;
  }

  /** Up to where all numbers and words are there whole; more text may follow. */
  get wholeUntil(): number {
    const last = this.values.at(-1);
    const isWhole = !last || last.quoted || last.end < this.text.length || this.isOverlong(last);
    return isWhole ? this.text.length : last.start;
  }

  /** Numbers and words are taken whole: the rest of one would be neither. */
  widened(span: Span): Span {
    const [first, last] = [this.bareAt(span.start), this.bareAt(span.end - 1)];
    if ([first, last].some((value) => value && this.isOverlong(value))) return { ...span, blocks: true };
    return { ...span, start: first?.start ?? span.start, end: last?.end ?? span.end };
  }

  /** What stands in the place of a span: the label in each string, a string for each number or word, and all between. */
  redacted({ start, end }: Pick<Span, 'start' | 'end'>, label: string): string {
    let redacted = '';
    let at = start;
    for (let index = firstAtLeast(this.ends, start + 1); index < this.values.length; index++) {
      const value = this.values[index]!;
      if (value.start >= end) break;
      redacted += this.text.slice(at, Math.max(at, value.start));
      if (value.end > value.start) redacted += value.quoted ? label : `"${label}"`;
      at = Math.min(value.end, end);
    }
    return redacted + this.text.slice(at, end);
  }

  private bareAt(at: number): Value | undefined {
    const value = this.values[firstAtLeast(this.ends, at + 1)];
    return value && !value.quoted && value.start <= at ? value : undefined;
  }

  private isOverlong({ start, end }: Value): boolean {
    return end - start > maxBare || (start === 0 && this.goesOn);
  }
}

function valuesOf(text: string, insideString: boolean): Value[] {
  const before = insideString ? '"' : '';
  return Array.from((before + text).matchAll(anyValue), ({ index, 0: all, 1: content }) => {
    const quoted = content !== undefined;
    const start = index - before.length + (quoted ? 1 : 0);
    return { start, end: start + (content ?? all).length, quoted };
  });
}
