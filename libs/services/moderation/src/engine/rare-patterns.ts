import type { ModerationCategory } from '@millrace/contracts';
import type { Candidate, Detector, View } from './detector.ts';
import { patterns } from './patterns.ts';
import { readingOf } from './reading.ts';

/** Expressions, and words of which whatever they match has one. */
export interface WordedPatterns {
  readonly words: readonly string[];
  readonly expressions: readonly RegExp[];
}

/**
 * `patterns` of many expressions that few texts match: a whole text is looked through for those alone of which it has a
 * word. While more text may follow, the word may still come.
 */
export function rarePatterns(
  category: ModerationCategory,
  score: number,
  groups: readonly WordedPatterns[],
): Detector {
  const each = groups.map(({ expressions }) => compiled(patterns(category, score, expressions)));
  const groupsOf = new Map<string, number[]>();
  for (const [at, { words }] of groups.entries())
    for (const word of words) groupsOf.set(word, [...(groupsOf.get(word) ?? []), at]);
  return {
    category,
    score,
    *detect(view: View): Generator<Candidate> {
      const wanted = isAsWritten(view) ? inText(view, groupsOf) : each.keys();
      for (const at of wanted) yield* each[at]!.detect(view);
    },
  };
}

/**
 * An expression is interpreted, many times as slowly, the first time that it is run, and once more on a text with letters
 * beyond Latin-1: not on somebody's long text.
 */
function compiled(detector: Detector): Detector {
  for (const text of ['.', '\u4e00'])
    for (const complete of [true, false]) {
      const view = { text, lower: text, words: [], reading: readingOf(text, []), from: 0, complete };
      Array.from(detector.detect(view));
    }
  return detector;
}

/** Its words are read as they are written, and all of them are there. */
const isAsWritten = ({ complete, lower, reading }: View): boolean => complete && reading.text === lower;

function inText({ words }: View, groupsOf: ReadonlyMap<string, readonly number[]>): Iterable<number> {
  const found = new Set<number>();
  for (const { text } of words) for (const at of groupsOf.get(text) ?? []) found.add(at);
  return [...found].sort((one, other) => one - other);
}
