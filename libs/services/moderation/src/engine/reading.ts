import { firstAtLeast } from './first-at-least.ts';
import { gapAfter, isGrowing, maxGap, type Word } from './words.ts';

/** A text as its words are read: letters for what stands for them, letters set apart as one word. */
export interface Reading {
  readonly text: string;
  /** What follows in `text` may be read otherwise once more text comes. */
  readonly settled: number;
  /** The first character at or after this index of the text. */
  indexAt(index: number): number;
  /** Where a character stands in the text. */
  placeOf(index: number): number;
}

/** Fewer letters set apart are left as they are. */
const minLetters = 3;

/** @param lower the text, of which `words` are all */
export function readingOf(lower: string, words: readonly Word[]): Reading {
  const isPlain = words.every((word) => !isSpelled(word) && readAs(word) === word.text);
  const unsettled = unsettledFrom(lower, words);
  if (isPlain) return asWritten(lower, unsettled);
  let text = '';
  const places: number[] = [];
  const add = (part: string, from: number): void => {
    text += part;
    for (let unit = 0; unit < part.length; unit++) places.push(from + unit);
  };
  let at = 0;
  for (const [index, word] of words.entries()) {
    const spelled = isSpelled(word);
    if (!spelled || index === word.run!.first) add(lower.slice(at, word.start), at);
    add(spelled ? (word.letters ?? word.text) : readAs(word), word.start);
    at = word.end;
  }
  add(lower.slice(at), at);
  const indexAt = (place: number): number => firstAtLeast(places, place);
  return { text, settled: indexAt(unsettled), indexAt, placeOf: (index) => places[index]! };
}

const asWritten = (text: string, settled: number): Reading => ({
  text,
  settled,
  indexAt: (index) => index,
  placeOf: (index) => index,
});

/** The last word may go on, and turn out to have digits for letters; letters set apart may turn out to be some, or enough. */
function unsettledFrom(lower: string, words: readonly Word[]): number {
  const last = words.at(-1);
  if (!last) return lower.length;
  if (last.run && gapAfter(last, lower) <= maxGap) {
    const { first, last: end } = last.run;
    // Without the last one, which may become a longer word, they are still enough.
    return words[end - first >= minLetters ? end : first]!.start;
  }
  if (!isGrowing(last, lower)) return lower.length;
  return last.letters === undefined ? last.end : last.start;
}

/** A number stays a number. */
const readAs = ({ text, letters }: Word): string =>
  letters !== undefined && /[a-z]/.test(text) ? letters : text;

const isSpelled = ({ run }: Word): boolean => run !== undefined && run.last - run.first + 1 >= minLetters;
