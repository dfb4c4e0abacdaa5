import { firstAtLeast } from './first-at-least.ts';
import type { Word } from './words.ts';

/** A text as its words are read: letters for what stands for them, letters set apart as one word. */
export interface Reading {
  readonly text: string;
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
  if (isPlain) return asWritten(lower);
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
  return { text, indexAt: (place) => firstAtLeast(places, place), placeOf: (index) => places[index]! };
}

const asWritten = (text: string): Reading => ({
  text,
  indexAt: (index) => index,
  placeOf: (index) => index,
});

/** A number stays a number. */
const readAs = ({ text, letters }: Word): string =>
  letters !== undefined && /[a-z]/.test(text) ? letters : text;

const isSpelled = ({ run }: Word): boolean => run !== undefined && run.last - run.first + 1 >= minLetters;
