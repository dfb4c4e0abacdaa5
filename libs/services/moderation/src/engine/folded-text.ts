import { readerOf, type Encoding } from './characters.ts';
import { firstAtLeast } from './first-at-least.ts';
import { lookAlikes } from './look-alikes.ts';
import { atOnce } from './turns.ts';

/**
 * A text as detectors see it: full-width and styled letters, those of other scripts that look like Latin ones, digits of
 * all scripts, ligatures, accents, blanks and dashes in their plain ASCII form, escapes decoded, invisible characters
 * gone. Every character knows where it stood. Folded once more it stays the same.
 */
export interface FoldedText {
  readonly text: string;
  /** What follows in the original is not read yet: half a character, or invisible ones whose number counts. */
  readonly settled: number;
  /** The first folded character at or after this offset of the original. */
  indexAt(offset: number): number;
  /** Where a folded character begins in the original. */
  startOf(index: number): number;
  /** Where it ends. */
  endOf(index: number): number;
}

export interface FoldOptions {
  readonly encoding?: Encoding;
  /** False while more text may follow. Default: true. */
  readonly final?: boolean;
}

/**
 * Invisible characters in a row that are looked through; each further one counts as an interruption of the text and is
 * where counting begins anew. Without this bound a single digit and a long row of them would have to be held back for ever.
 */
const maxInvisible = 8;
const interruption = '\0';

/** The Arabic ligature of eighteen letters would make a text eighteen times as long. */
const longestFold = 4;

/** Characters between two places to pause at. */
const stretch = 8192;

const ascii = /^[\0-\x7f]*$/;
/** Zero-width and other format characters, variation selectors, soft hyphen, accents and frames that stand alone. */
const invisible = /^[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]$/u;
/** Half a character alone: two with an invisible one between must not become one. */
const halfCharacter = /^[\ud800-\udfff]$/;
const dash = /^[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]$/u;
const digit = /^\p{Nd}$/u;
const marks = /[\p{Mn}\p{Me}]/gu;

export const fold = (original: string, options?: FoldOptions): FoldedText =>
  atOnce(folding(original, options));

export function* folding(original: string, options: FoldOptions = {}): Generator<void, FoldedText> {
  const { encoding = 'text', final = true } = options;
  const isPlain = ascii.test(original) && (encoding === 'text' || !original.includes('\\'));
  return isPlain ? plain(original) : yield* folded(original, encoding, final);
}

const plain = (text: string): FoldedText => ({
  text,
  settled: text.length,
  indexAt: (offset) => offset,
  startOf: (index) => index,
  endOf: (index) => index + 1,
});

function* folded(original: string, encoding: Encoding, final: boolean): Generator<void, FoldedText> {
  const read = readerOf(encoding);
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  let settled = 0;
  let unseen = 0;
  let pauseAt = stretch;
  for (let at = 0; at < original.length;) {
    const character = read(original, at, final);
    if (!character) break;
    let shown = foldCharacter(character.text);
    unseen = shown === '' ? unseen + 1 : 0;
    if (unseen > maxInvisible) {
      shown = interruption;
      unseen = 0;
    }
    for (let unit = 0; unit < shown.length; unit++) {
      starts.push(at);
      ends.push(character.end);
    }
    text += shown;
    at = character.end;
    if (shown !== '') settled = at;
    if (at < pauseAt) continue;
    pauseAt = at + stretch;
    yield;
  }
  if (final) settled = original.length;
  return {
    text,
    settled,
    indexAt: (offset) => firstAtLeast(starts, offset),
    startOf: (index) => starts[index] ?? settled,
    endOf: (index) => ends[index] ?? settled,
  };
}

/** Of characters that were met: a text has few different ones, and normalising takes long. */
const met = new Map<string, string>();
const maxMet = 8192;

/** Empty: it is invisible. */
function foldCharacter(character: string): string {
  if (character < '\x80') return character;
  const known = met.get(character);
  if (known !== undefined) return known;
  const shown = shownAs(character);
  if (met.size < maxMet) met.set(character, shown);
  return shown;
}

function shownAs(character: string): string {
  if (halfCharacter.test(character)) return interruption;
  return invisible.test(character) ? '' : (knownAs(character) ?? decomposed(character));
}

function decomposed(character: string): string {
  const parts = character.normalize('NFKD').replace(marks, '');
  if (parts === '' || parts.length > longestFold) return interruption;
  return Array.from(parts, (part) => knownAs(part) ?? part).join('');
}

function knownAs(character: string): string | undefined {
  if (dash.test(character)) return '-';
  return digit.test(character) ? valueOf(character) : lookAlikes.get(character);
}

/** Unicode has the ten digits of every script in order and nothing else between them. */
function valueOf(character: string): string {
  const styled = character.normalize('NFKD');
  if (styled < '\x80') return styled;
  const code = character.codePointAt(0)!;
  let value = 0;
  while (value < 9 && digit.test(String.fromCodePoint(code - value - 1))) value++;
  return String(value);
}
