import { atOnce } from './turns.ts';

/**
 * A text as detectors see it: full-width and styled letters, ligatures, accents, blanks and dashes in their plain ASCII
 * form, invisible characters gone. Every character knows where it stood.
 */
export interface FoldedText {
  readonly text: string;
  /** The first folded character at or after this offset of the original. */
  indexAt(offset: number): number;
  /** Where a folded character begins in the original. */
  startOf(index: number): number;
  /** Where it ends. */
  endOf(index: number): number;
}

/**
 * Invisible characters in a row that are looked through. With more of them the text counts as interrupted; without this
 * bound a single digit and a long row of them would have to be held back for ever.
 */
const maxInvisible = 8;
const interruption = '\0';

/** The Arabic ligature of eighteen letters would make a text eighteen times as long. */
const longestFold = 4;

/** Characters between two places to pause at. */
const stretch = 8192;

const ascii = /^[\0-\x7f]*$/;
/** Zero-width and other format characters, variation selectors, soft hyphen, accents that stand alone. */
const invisible = /^[\p{Cf}\p{Mn}\u115f\u1160\u3164\uffa0]$/u;
const dash = /^[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]$/u;
const marks = /\p{Mn}/gu;

export const fold = (original: string): FoldedText => atOnce(folding(original));

export function* folding(original: string): Generator<void, FoldedText> {
  return ascii.test(original) ? plain(original) : yield* folded(original);
}

const plain = (text: string): FoldedText => ({
  text,
  indexAt: (offset) => offset,
  startOf: (index) => index,
  endOf: (index) => index + 1,
});

function* folded(original: string): Generator<void, FoldedText> {
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  let unseen = 0;
  let pauseAt = stretch;
  for (let at = 0; at < original.length;) {
    const character = String.fromCodePoint(original.codePointAt(at)!);
    const next = at + character.length;
    unseen = invisible.test(character) ? unseen + 1 : 0;
    const shown = unseen === 0 ? foldCharacter(character) : unseen === maxInvisible + 1 ? interruption : '';
    for (let unit = 0; unit < shown.length; unit++) {
      starts.push(at);
      ends.push(next);
    }
    text += shown;
    at = next;
    if (at < pauseAt) continue;
    pauseAt = at + stretch;
    yield;
  }
  return {
    text,
    indexAt: (offset) => firstAtLeast(starts, offset),
    startOf: (index) => starts[index] ?? original.length,
    endOf: (index) => ends[index] ?? original.length,
  };
}

function foldCharacter(character: string): string {
  if (character < '\x80') return character;
  if (dash.test(character)) return '-';
  const plainly = character.normalize('NFKD').replace(marks, '');
  return plainly.length > longestFold ? interruption : plainly || interruption;
}

function firstAtLeast(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
