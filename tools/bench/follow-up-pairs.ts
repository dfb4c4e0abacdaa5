import { analyseTerms } from '@millrace/text';
import type { Question } from './xquad.ts';

/** Two questions about one paragraph, the second with `it` for what both name. */
export interface FollowUpPair {
  readonly first: string;
  readonly second: Question;
}

/**
 * Of two questions that stand one after the other, the longest run of words that both have (by their stems, with a word that
 * counts at both ends) becomes `it` in the second, or `its` where it ends with an apostrophe, and an article before it goes. It has a name beyond
 * the first word, or two words that count; of other pairs there is no follow-up.
 */
export function followUpPairs(questions: readonly Question[]): FollowUpPair[] {
  return questions.slice(1).flatMap((second, at) => {
    const first = questions[at]!;
    const text = first.paragraph === second.paragraph && withPronoun(first.text, second.text);
    return text ? [{ first: first.text, second: { ...second, text } }] : [];
  });
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly stem: string;
  /** No stop word, and not one that asks. */
  readonly counts: boolean;
}

const asking = /^(?:many|much|name|type|kind)$/i;

const wordsOf = (question: string): Word[] =>
  [...question.matchAll(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)].map(({ 0: text, index: start }) => {
    const stem = analyseTerms(text).join(' ');
    const counts = stem !== '' && !asking.test(text);
    return { text, start, end: start + text.length, stem: stem || text.toLowerCase(), counts };
  });

function withPronoun(first: string, second: string): string | undefined {
  const run = longestShared(wordsOf(first), wordsOf(second));
  const [begin, end] = [run[0]?.start ?? 0, run.at(-1)?.end ?? 0];
  const hasName = begin > 0 && run.some(({ text }) => /\p{Lu}/u.test(text));
  if (!hasName && run.filter(({ counts }) => counts).length < 2) return undefined;
  const before = second.slice(0, begin).replace(/\b(?:the|an?|this|that|these|those)\s+$/i, '');
  const pronoun = /['’]s?$/.test(run.at(-1)?.text ?? '') ? 'its' : 'it';
  return before + pronoun + second.slice(end);
}

/** As words of the second. */
function longestShared(first: readonly Word[], second: readonly Word[]): Word[] {
  let longest: Word[] = [];
  for (const from of first.keys())
    for (const at of second.keys()) {
      const run = shared(first.slice(from), second.slice(at));
      if (run.length > longest.length) longest = run;
    }
  return longest;
}

function shared(first: readonly Word[], second: readonly Word[]): Word[] {
  const differs = second.findIndex(({ stem }, at) => stem !== first[at]?.stem);
  const run = differs < 0 ? second : second.slice(0, differs);
  const begin = run.findIndex(({ counts }) => counts);
  return begin < 0 ? [] : run.slice(begin, run.findLastIndex(({ counts }) => counts) + 1);
}
