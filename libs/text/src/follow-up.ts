import { analyseTerms } from './terms.ts';

/** More earlier questions than these are not looked at. */
const mostTurns = 6;
/** What one turn may add: a question has few words, and a text that was pasted must not drown the next one. */
const mostWords = 32;

/** Words that stand for something said elsewhere; `that`, `there` and `one` only where they cannot mean anything else. */
const reference =
  /\b(?:it|its|itself|they|them|their|theirs|he|him|his|she|her|hers|this|these|those)\b|\b(?:that|there|ones?)\s*[?.!]*$|^(?:is|was|does|did|has|can)\s+that\b/i;
const continuation = /^(?:and|or|but|so|also|what about|how about|what else|why not)\b/i;
/** `It` and `there` that stand for nothing: `How long does it take?`, `How many are there?` */
const expletive =
  /\bit\s+(?:takes?|means?|costs?|matters?)\b|\b(?:is|was|be)\s+it\s+\p{L}+\s+(?:for|to|that|how|when)\b|\b(?:is|was)\s+it\s+(?:called|known|possible|true)\b|\b(?:is|are|was|were)\s+there\s*[?.!]*$/giu;
/** A name before the word that refers: `When did Luther broaden his attacks?` */
const nameWithin = /\s\p{Lu}/u;
/** These stand for what is named last more often than `it` does: `How many nations have rivers in their names?` */
const ownership = /^(?:its|theirs?)$/i;
/** Ask for something, but not of what: `Which year?` */
const general = new Set(
  analyseTerms('many much long far old big late early year date time place name kind type reason'),
);

/**
 * The last question with the words that it lacks of those before it, as far as it leans on them: it begins with `and`, is
 * no more than `Which year?`, or refers by a pronoun to something that it does not name before. Any other is left as it is.
 * A rule for English, and for finding: what comes out is no sentence.
 * @param questions of one person, in their order
 */
export function followUpWithWords(questions: readonly string[]): string {
  return questions
    .slice(-mostTurns)
    .reduce((context, question) =>
      leansOnEarlier(question) ? [question, ...missing(question, context)].join(' ') : question,
    );
}

/** Whether a question can be understood only with those before it, by the looks of it. */
export function leansOnEarlier(question: string): boolean {
  const text = question.trim();
  if (continuation.test(text) || !saysSomething(text)) return true;
  const plain = text.replace(expletive, ' ');
  const found = reference.exec(plain);
  if (!found) return false;
  const before = plain.slice(0, found.index);
  return !nameWithin.test(before) && !(ownership.test(found[0]) && saysSomething(before));
}

const saysSomething = (text: string): boolean => analyseTerms(text).some((term) => !general.has(term));

function missing(question: string, context: string): string[] {
  const known = new Set([...general, ...analyseTerms(question)]);
  const words = context.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu) ?? [];
  return words
    .filter((word) => {
      const terms = analyseTerms(word).filter((term) => !known.has(term));
      for (const term of terms) known.add(term);
      return terms.length > 0;
    })
    .slice(0, mostWords);
}
