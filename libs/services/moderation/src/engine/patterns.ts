import type { Category } from '../policy.ts';
import type { Candidate, Detector, View } from './detector.ts';
import { everyMatch } from './every-match.ts';

/**
 * Finds what expressions match in the lower-case text as its words are read. Only for categories that are flagged: an
 * expression cannot tell what more text would complete. Each must be linear: every repetition bounded, or followed by what
 * it cannot match.
 */
export function patterns(category: Category, score: number, expressions: readonly RegExp[]): Detector {
  const find = findAll(expressions);
  return {
    category,
    score,
    *detect({ reading, from }: View): Generator<Candidate> {
      for (const { start, end } of find(reading.text, reading.indexAt(from)))
        yield { start: reading.placeOf(start), end: reading.placeOf(end - 1) + 1 };
    },
  };
}

/** The same in the text as it is written, digits and signs included: for addresses and numbers. */
export function writtenPatterns(category: Category, score: number, expressions: readonly RegExp[]): Detector {
  const find = findAll(expressions);
  return { category, score, detect: ({ lower, from }) => find(lower, from) };
}

const findAll = (expressions: readonly RegExp[]) => {
  const global = expressions.map((expression) => new RegExp(expression, 'gu'));
  return function* (text: string, from: number): Generator<Candidate> {
    for (const expression of global)
      for (const { index: start, 0: match } of everyMatch(expression, text, from))
        yield { start, end: start + match.length };
  };
};
