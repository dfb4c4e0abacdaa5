import { stem } from 'porter2';
import { englishStopWords } from './stop-words.ts';

/**
 * The terms of a text for BM25, in text order and with repetitions: lower case, accents folded, English stop
 * words out, English words stemmed (Snowball's Porter2). A term has only letters, digits and combining marks,
 * and at most 64 characters: a longer run, such as a base64 line, counts as several.
 * Queries and documents must both come through here.
 */
export function analyseTerms(text: string): string[] {
  const terms: string[] = [];
  for (const word of words(fold(text))) {
    if (!englishStopWords.has(word)) terms.push(/^[a-z]+$/.test(word) ? stemOf(word) : word);
  }
  return terms;
}

const keptStems = 20_000;
/** In letters. V8 cuts a longer one out of its text without a copy: kept, it would keep all of the text. */
const longestKept = 12;
const stems = new Map<string, string>();

/** Kept by word, for most words come again. Starts afresh when full: the common ones are back at once. */
function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const found = stem(word);
  if (word.length > longestKept) return found;
  if (stems.size >= keptStems) stems.clear();
  stems.set(word, found);
  return found;
}

/** Combining accents, and marks of where a word may be broken: soft hyphens, spaces and joiners without width. */
const unspoken = /[\u0300-\u036f\u00ad\u200b\u2060]+/g;
const nonAscii = /[^\0-\x7f]/;

/** Compatibility forms unified ("ﬁ" is "fi"), "é" and "e" alike, words whole that are marked for breaking, lower case. */
function fold(text: string): string {
  if (!nonAscii.test(text)) return text.toLowerCase();
  return text.toLowerCase().normalize('NFKD').replace(unspoken, '').normalize('NFC').toLowerCase();
}

const runs = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]{0,63}/gu;
/** Scripts that put no blanks between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const dictionary = new Intl.Segmenter('und', { granularity: 'word' });

function* words(folded: string): Generator<string> {
  for (const run of folded.match(runs) ?? []) {
    if (!nonAscii.test(run) || !unspaced.test(run)) yield run;
    else for (const { segment, isWordLike } of dictionary.segment(run)) if (isWordLike) yield segment;
  }
}
