import type { ModerationCategory } from '@millrace/contracts';
import type { Candidate, Detector, View } from './detector.ts';
import { everyMatch } from './every-match.ts';
import { fold } from './folded-text.ts';
import { partially } from './partially.ts';

/** What numbers and dates look like, and what tells that they are meant. */
export interface Shape {
  /** Of the lower-case text, 48 characters at most; a digit is among the first. */
  readonly written: RegExp;
  /** Of what was found: its checksum, say. Default: everything. */
  readonly accepts?: (found: string) => boolean;
  /** Without such a word near it is something else. Default: none is needed. */
  readonly near?: NearWords;
}

export interface NearWords {
  /** In the 64 characters before. */
  readonly before: RegExp;
  /** Or right behind, after two signs at most. */
  readonly after?: RegExp;
}

/** Any of these words, be they set apart by blanks or by other signs; parts of expressions. */
export const anyOf = (...words: readonly string[]): RegExp => new RegExp(wordsIn(words), 'u');

const wordsIn = (words: readonly string[]): string => {
  const folded = words.map((word) => fold(word).text.replaceAll(' ', String.raw`[^\p{L}\p{N}]{1,3}`));
  return String.raw`(?<!\p{L})(?:${folded.join('|')})(?!\p{L})`;
};

const longest = 48;
const reachBack = 64;
const reachAhead = 16;

/** Nothing goes on where such a number begins or ends: neither a word nor more groups of digits. */
const begins = String.raw`(?<![\p{L}\p{N}_])(?<!\d[-./,:])`;
const ends = String.raw`(?![\p{L}\p{N}_]|[-./,:]\d)`;
const lookAhead = 2;

interface Prepared extends Shape {
  readonly whole: RegExp;
  readonly partial: RegExp;
}

/**
 * Finds numbers and dates by their shape, by what they add up to and by words near them. Texts without digits cost next to
 * nothing: it is from digits that it looks where a shape may begin.
 */
export function shapes(category: ModerationCategory, score: number, all: readonly Shape[]): Detector {
  const prepared = all.map((shape): Prepared => {
    const whole = new RegExp(`${begins}(?:${shape.written.source})${ends}`, 'yu');
    return { ...shape, whole, partial: partially(whole) };
  });
  const bare = prepared.filter(({ near }) => !near);
  const notBefore = prepared.filter(({ near }) => !near || near.after);
  const anyBefore = either(prepared.flatMap(({ near }) => near?.before ?? []));
  const anyAfter = either(prepared.flatMap(({ near }) => near?.after ?? []));
  return {
    category,
    score,
    *detect(view: View): Generator<Candidate> {
      let covered = view.from;
      let unnamed: readonly Prepared[] | undefined;
      let isNamed = true;
      let lookedAt = 0;
      for (const start of startsIn(view)) {
        unnamed ??= !view.complete || anyAfter.test(view.lower) ? notBefore : bare;
        // Where no word is near, none is until there are more letters.
        if (isNamed || anyLetter.test(view.lower.slice(lookedAt, start)))
          isNamed = anyBefore.test(wordsBefore(view, start));
        lookedAt = start;
        for (const found of foundAt(view, start, isNamed ? prepared : unnamed)) {
          if (found.end <= covered) continue;
          yield found;
          if (!found.open) covered = found.end;
        }
      }
    },
  };
}

const either = (expressions: readonly RegExp[]): RegExp =>
  new RegExp(expressions.map(({ source }) => source).join('|') || '(?!)', 'u');

const anyLetter = /\p{L}/u;
const digits = /\d+/g;
const letter = /[a-z]/;
const mostLetters = 9;
/** What more text could make the beginning of one. */
const beginning = /(?:[a-z]{1,9}[ -]?|[(+])$/;

/** In text order: where digits begin, with the word, the bracket or the plus before them; while more text may follow, also the last word. */
function* startsIn({ lower, from, complete }: View): Generator<number> {
  for (const { index } of everyMatch(digits, lower, from)) {
    const before = beginningBefore(lower, index);
    if (before < index && before >= from) yield before;
    yield index;
  }
  if (complete) return;
  const last = beginning.exec(lower.slice(Math.max(from, lower.length - mostLetters - 1)));
  if (last) yield lower.length - last[0].length;
}

function beginningBefore(lower: string, index: number): number {
  const last = lower.charAt(index - 1);
  if (last === '(' || last === '+') return index - 1;
  let at = (last === ' ' || last === '-') && letter.test(lower.charAt(index - 2)) ? index - 1 : index;
  for (let count = 0; count < mostLetters && letter.test(lower.charAt(at - 1)); count++) at--;
  return at;
}

/** Without a word of which only the end is within reach, or may be. */
const wordsBefore = ({ lower }: View, start: number): string =>
  start <= reachBack ? lower.slice(0, start) : lower.slice(start - reachBack, start).replace(cutWord, '');

const cutWord = /^\p{L}+/u;

/** A shape may go on behind the text. */
const isUndecided = (lower: string, start: number, complete: boolean): boolean =>
  !complete && start + longest + lookAhead > lower.length;

/** The first shape that fits, and before it those that more text could make fit. */
function* foundAt(view: View, start: number, all: readonly Prepared[]): Generator<Candidate> {
  for (const shape of all) {
    const found = fitted(view, start, shape);
    if (!found) continue;
    yield found;
    if (!found.open) return;
  }
}

function fitted(view: View, start: number, shape: Prepared): Candidate | undefined {
  const { lower, complete } = view;
  const expression = isUndecided(lower, start, complete) ? shape.partial : shape.whole;
  expression.lastIndex = start;
  const found = expression.exec(lower)?.[0];
  if (!found) return undefined;
  const end = start + found.length;
  const { near, accepts = () => true } = shape;
  const isNamed = !near || near.before.test(wordsBefore(view, start));
  if (!isNamed && !near.after) return undefined;
  if (!complete && end + (isNamed ? lookAhead : reachAhead) > lower.length)
    return { start, end: lower.length, open: true };
  const isMeant = isNamed || isBehind(near.after!, lower.slice(end, end + reachAhead));
  return isMeant && accepts(found) ? { start, end } : undefined;
}

const isBehind = (words: RegExp, behind: string): boolean => {
  const index = words.exec(behind)?.index ?? reachAhead;
  return index <= 2 && !/[\p{L}\p{N}]/u.test(behind.slice(0, index));
};
