import { analyseTerms } from '../terms.ts';
import { sentences, type SentenceRange } from '../sentences.ts';
import { namesIn } from './names.ts';
import { numbersIn, withoutNumbers } from './numbers.ts';

/** Where an answer cites a passage: the span of its marker, UTF-16 units, end exclusive. */
export interface Citing {
  readonly start: number;
  readonly end: number;
  /** The passage's number. */
  readonly index: number;
}

/** A sentence that states something, and what of it a passage can bear out. */
export interface Statement {
  /** Each once, numbers not among them. */
  readonly terms: readonly string[];
  readonly numbers: readonly string[];
  readonly names: readonly string[];
  /** Places in the list of citations. */
  readonly citations: readonly number[];
}

/** A sentence that asks, or only leads to what follows. */
const statesNothing = /[?？؟;:：][\s*_"'”’)\]]*$/u;
const lineBreak = /[\n\r\u0085\u2028\u2029]/;

/** The sentences of an answer that state something. Markers are no part of what they say. */
export function statementsIn(answer: string, citations: readonly Citing[]): Statement[] {
  const said = withoutMarkers(answer, citations);
  const ranges = [...sentences(said)];
  const citing = placed(said, ranges, citations);
  return ranges.flatMap(({ start, end }, at) => {
    const text = said.slice(start, end);
    const numbers = distinct(numbersIn(text));
    const words = withoutNumbers(text);
    const terms = distinct(analyseTerms(words));
    if (statesNothing.test(text) || terms.length + numbers.length === 0) return [];
    const names = distinct(namesIn(words)).filter((name) => terms.includes(name));
    return { terms, numbers, names, citations: citing[at]! };
  });
}

const distinct = (all: readonly string[]): string[] => [...new Set(all)];

/** Blanks in the place of markers: offsets stay. */
function withoutMarkers(answer: string, citations: readonly Citing[]): string {
  let said = '';
  for (const { start, end } of citations)
    if (start >= said.length) said += answer.slice(said.length, start) + ' '.repeat(end - start);
  return said + answer.slice(said.length);
}

/** A marker belongs to the sentence before it, or to the one that begins its line. */
function placed(said: string, ranges: readonly SentenceRange[], citations: readonly Citing[]): number[][] {
  const of = ranges.map((): number[] => []);
  let at = 0;
  for (const [place, { start }] of citations.entries()) {
    while (at + 1 < ranges.length && belongsBehind(said, ranges, at, start)) at++;
    of[at]?.push(place);
  }
  return of;
}

function belongsBehind(said: string, ranges: readonly SentenceRange[], at: number, start: number): boolean {
  const { end } = ranges[at]!;
  return ranges[at + 1]!.start <= start || (start >= end && lineBreak.test(said.slice(end, start)));
}
