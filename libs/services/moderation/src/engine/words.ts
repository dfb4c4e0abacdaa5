export interface Word {
  readonly start: number;
  readonly end: number;
  /** As written, lower case. */
  readonly text: string;
  /** With digits and signs read as the letters they resemble, where it has any. */
  readonly letters?: string;
  /** The letters set apart that it is one of. */
  readonly run?: Run;
}

/** Words of one letter with the same separator between: `k i l l`, `k.i.l.l`; or one alone. Indices in the list of words. */
export interface Run {
  readonly first: number;
  readonly last: number;
}

/** Letters, digits, and what stands for letters: `@`, `$` anywhere, `!` and `|` inside. */
const word = /[\p{L}\p{N}@$]+(?:[!|][\p{L}\p{N}@$]+)*/gu;

export function wordsOf(lower: string): Word[] {
  const words: Word[] = [];
  let run: GrowingRun | undefined;
  for (const { index: start, 0: text } of lower.matchAll(word)) {
    run = text.length === 1 ? runWith(run, words, lower.slice(words.at(-1)?.end ?? 0, start)) : undefined;
    const letters = lettersFor(text);
    words.push({ start, end: start + text.length, text, ...(letters && { letters }), ...(run && { run }) });
  }
  return words;
}

/** Blanks, line ends and marks that may stand between two words of a phrase, or two letters set apart. */
export const maxGap = 3;

export const gapAfter = ({ end }: Word, lower: string): number => lower.length - end;

/** The text ends with this word, or with a sign after which it could go on. */
export const isGrowing = ({ end }: Word, lower: string): boolean =>
  end === lower.length || (end === lower.length - 1 && /[!|]$/.test(lower));

interface GrowingRun extends Run {
  last: number;
  separator: string;
}

/** Between letters that are set apart. */
const separator = /^[ .\-_*/·•~\t\n]{1,3}$/;

/** The run that the next word belongs to. */
function runWith(run: GrowingRun | undefined, { length: at }: readonly Word[], before: string): GrowingRun {
  const isSecond = run?.first === at - 1;
  if (!run || !separator.test(before) || (!isSecond && before !== run.separator))
    return { first: at, last: at, separator: '' };
  run.separator = before;
  run.last = at;
  return run;
}

const substitutes: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g' },
  ...{ '@': 'a', $: 's', '!': 'i', '|': 'l' },
};
const anySubstitute = /[0134-9@$!|]/;
const everySubstitute = /[0134-9@$!|]/g;

/** No word that is looked for is longer. */
const longest = 32;

/** The word with digits and signs read as the letters they resemble; undefined without any. */
function lettersFor(text: string): string | undefined {
  if (text.length === 1) return substitutes[text];
  if (text.length > longest || !anySubstitute.test(text)) return undefined;
  return text.replace(everySubstitute, (character) => substitutes[character]!);
}

/** The same for `i` and `l`: `1`, `!` and `|` may stand for either. */
export const skeletonOf = (letters: string): string =>
  letters.includes('l') ? letters.replaceAll('l', 'i') : letters;
