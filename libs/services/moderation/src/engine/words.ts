export interface Word {
  readonly start: number;
  readonly end: number;
  /** As written, lower case. */
  readonly text: string;
}

/** Letters, digits, and what stands for letters: `@`, `$` anywhere, `!` and `|` inside. */
const word = /[\p{L}\p{N}@$]+(?:[!|][\p{L}\p{N}@$]+)*/gu;

export const wordsOf = (lower: string): Word[] =>
  Array.from(lower.matchAll(word), ({ index, 0: text }) => ({
    start: index,
    end: index + text.length,
    text,
  }));

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
const anySubstitute = /[013457@$!|]/;
const everySubstitute = /[013457@$!|]/g;

/** The word with digits and signs read as the letters they resemble; a number stays a number. */
export const readSubstitutes = (text: string): string =>
  anySubstitute.test(text) && /[a-z]/.test(text) ? readAllSubstitutes(text) : text;

/** Also where no letter has come yet: `$` may become `$ex`. */
export const readAllSubstitutes = (text: string): string =>
  text.replace(everySubstitute, (character) => substitutes[character]!);
