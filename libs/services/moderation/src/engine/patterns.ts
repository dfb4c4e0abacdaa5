import type { Category } from '../policy.ts';
import type { Candidate, Detector, View } from './detector.ts';

/**
 * Finds what expressions match in the lower-case text. Only for categories that are flagged: an expression cannot tell
 * what more text would complete. Each must be linear: every repetition bounded, or followed by what it cannot match.
 */
export const patterns = (category: Category, score: number, expressions: readonly RegExp[]): Detector => ({
  category,
  score,
  detect: findAll(expressions.map((expression) => new RegExp(expression, 'gu'))),
});

const findAll = (expressions: readonly RegExp[]) =>
  function* ({ lower, from }: View): Generator<Candidate> {
    for (const expression of expressions) {
      expression.lastIndex = from;
      for (let match = expression.exec(lower); match; match = expression.exec(lower)) {
        yield { start: match.index, end: match.index + match[0].length };
      }
    }
  };
