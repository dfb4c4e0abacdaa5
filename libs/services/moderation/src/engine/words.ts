export interface Word {
  readonly start: number;
  readonly end: number;
  /** As written, lower case. */
  readonly text: string;
}

/** Letters, digits, and what stands for letters: `@`, `$` anywhere, `!` and `|` inside. */
const word = /[\p{L}\p{N}@$]+(?:[!|][\p{L}\p{N}@$]+)*/gu;
const maxWord = 64;

/** The words that begin at or after `from`. */
export function* wordsFrom(lower: string, from: number): Generator<Word> {
  // A word that began before must not be taken for one that begins here.
  word.lastIndex = Math.max(0, from - maxWord);
  for (const { index, 0: text } of lower.matchAll(word))
    if (index >= from) yield { start: index, end: index + text.length, text };
}

const substitutes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
};
const substitute = /[013457@$!|]/g;

/** The word with digits and signs read as the letters they resemble; a number stays a number. */
export const readSubstitutes = (text: string): string =>
  /[013457@$!|]/.test(text) && /[a-z]/.test(text)
    ? text.replace(substitute, (character) => substitutes[character]!)
    : text;
