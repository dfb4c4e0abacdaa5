import type { Citation } from '@millrace/contracts';
import type { Source } from '../answers/answer-part.ts';

/** `[2]`, `[1, 3]`; at most eight numbers. */
const marker = String.raw`\[\d{1,3}(?: ?, ?\d{1,3}){0,7}\]`;
const markers = new RegExp(marker, 'g');
/** Code keeps its brackets: a fence, or a run of backticks up to its like or the end of the line. */
const tokens = new RegExp(String.raw`${'`'}+|\n| ?${marker}`, 'g');
/** What a token could still grow from at the end of a text. */
const unfinished = /(?:`+| ?\[[\d, ]{0,46}| )$/;

const numbersIn = (found: string): number[] => [...new Set((found.match(/\d+/g) ?? []).map(Number))];

/** Tells markers from brackets in code. */
class Reading {
  /** The backticks that are open: code ends with as many as it began with. */
  private ticks = '';

  isMarker(token: string): boolean {
    if (token.startsWith('`'))
      this.ticks = this.ticks === '' ? token : this.ticks === token ? '' : this.ticks;
    else if (token === '\n') this.ticks = this.ticks.length >= 3 ? this.ticks : '';
    else return this.ticks === '';
    return false;
  }
}

/**
 * Takes markers that name no source out of an answer while it streams: to the reader they would look like support that
 * is not there. A list keeps the numbers that are sources. What goes out does not depend on how the stream was cut.
 */
export class CitationFilter {
  /** Numbers that were taken out. */
  removed = 0;
  private held = '';
  private readonly reading = new Reading();

  constructor(private readonly sources: ReadonlySet<number>) {}

  push(text: string, final: boolean): string {
    const all = this.held + text;
    const end = final ? all.length : all.length - (unfinished.exec(all)?.[0].length ?? 0);
    this.held = all.slice(end);
    return all
      .slice(0, end)
      .replace(tokens, (token) => (this.reading.isMarker(token) ? this.keepSources(token) : token));
  }

  private keepSources(token: string): string {
    const numbers = numbersIn(token);
    const known = numbers.filter((number) => this.sources.has(number));
    this.removed += numbers.length - known.length;
    if (known.length === numbers.length) return token;
    const blank = token.startsWith(' ') && known.length > 0 ? ' ' : '';
    return blank + known.map((number) => `[${number}]`).join('');
  }
}

/**
 * Numbers for citations, from 1. Those that stand in brackets in the texts are left out: they are the documents' own, and
 * must not be taken for citations.
 */
export function* freeNumbers(texts: readonly string[]): Generator<number, never> {
  const taken = new Set(texts.flatMap((text) => (text.match(markers) ?? []).flatMap(numbersIn)));
  for (let number = 1; ; number++) if (!taken.has(number)) yield number;
}

/** The markers of a whole answer, each with the passage it names. `inCode`: in code, too. */
export function citationsIn(answer: string, sources: readonly Source[], inCode = false): Citation[] {
  const byIndex = new Map(sources.map((source) => [source.index, source]));
  const reading = new Reading();
  return [...answer.matchAll(inCode ? markers : tokens)].flatMap(({ 0: token, index }) => {
    if (!inCode && !reading.isMarker(token)) return [];
    const start = index + token.indexOf('[');
    return numbersIn(token).flatMap((number) => {
      const source = byIndex.get(number);
      return source ? [citation(source, start, index + token.length)] : [];
    });
  });
}

const citation = ({ index, passage }: Source, start: number, end: number): Citation => ({
  type: 'url_citation',
  url_citation: {
    start_index: start,
    end_index: end,
    // OpenAI's description wants a URI, and what Millrace is called outside it does not know.
    url: `millrace:/v1/documents/${encodeURIComponent(passage.document_id)}/content`,
    title: passage.title ?? passage.document_id,
  },
  index,
  document_id: passage.document_id,
  version: passage.version,
  chunk_id: passage.chunk_id,
  start: passage.start,
  end: passage.end,
  text: passage.text,
});
