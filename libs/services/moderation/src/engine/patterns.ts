import type { ModerationCategory } from '@millrace/contracts';
import type { Candidate, Detector, View } from './detector.ts';
import { partially } from './partially.ts';

export interface PatternOptions {
  /** Of what an expression matches. Default: everything. */
  readonly accepts?: (found: string) => boolean;
  /** Characters behind a match that it depends on. Default: one. */
  readonly lookAhead?: number;
}

/**
 * Finds what expressions match in the lower-case text as its words are read. Each must be bounded, every repetition in it:
 * for so long what it begins to match is held back.
 */
export function patterns(
  category: ModerationCategory,
  score: number,
  expressions: readonly RegExp[],
): Detector {
  const find = findAll(expressions);
  return {
    category,
    score,
    *detect({ reading, lower, from, complete }: View): Generator<Candidate> {
      const { text, settled } = reading;
      const read = complete ? text : text.slice(0, settled);
      for (const { start, end, open } of find(read, reading.indexAt(from), complete))
        yield open
          ? { start: reading.placeOf(start), end: lower.length, open }
          : { start: reading.placeOf(start), end: reading.placeOf(end - 1) + 1 };
      if (read.length < text.length)
        yield { start: Math.max(from, reading.placeOf(settled)), end: lower.length, open: true };
    },
  };
}

/** The same in the text as it is written, digits and signs included: for addresses and numbers. */
export function writtenPatterns(
  category: ModerationCategory,
  score: number,
  expressions: readonly RegExp[],
  options?: PatternOptions,
): Detector {
  const find = findAll(expressions, options);
  return { category, score, detect: ({ lower, from, complete }) => find(lower, from, complete) };
}

function findAll(expressions: readonly RegExp[], options: PatternOptions = {}) {
  const all = expressions.map((expression) => new RegExp(expression, 'gu'));
  const partial = all.map(partially);
  return function* (text: string, from: number, complete: boolean): Generator<Candidate> {
    for (const expression of complete ? all : partial)
      yield* matches(expression, { text, from, complete }, options);
  };
}

/**
 * The longest from each place on, those within another left out: where one begins does not depend on where the search did.
 * Texts are moderated in turns, and others use the same expression in between.
 */
function* matches(
  expression: RegExp,
  { text, from, complete }: { readonly text: string; readonly from: number; readonly complete: boolean },
  { accepts = () => true, lookAhead = 1 }: PatternOptions,
): Generator<Candidate> {
  let covered = from;
  for (let at = from; at < text.length; at++) {
    expression.lastIndex = at;
    const match = expression.exec(text);
    if (!match || match.index === text.length) return;
    at = match.index;
    const end = at + match[0].length;
    if (!complete && end + lookAhead > text.length) {
      yield { start: at, end: text.length, open: true };
      return;
    }
    if (end <= covered || !accepts(match[0])) continue;
    yield { start: at, end };
    covered = end;
  }
}
