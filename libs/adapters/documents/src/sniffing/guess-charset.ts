import { analyse } from 'chardet';
import { commonWide } from './common-letters.ts';

/** In bytes: more tells no more. */
const sampled = 65_536;

/** Of several bytes a letter; by what the library calls them, with what the text has beyond ASCII. */
const wide = new Map<string, RegExp>([
  ['Shift_JIS', /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff00-\uffef]/gu],
  ['EUC-JP', /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff00-\uffef]/gu],
  ['GB18030', /[\p{sc=Han}\u2010-\u2026\u3000-\u303f\uff00-\uffef]/gu],
  ['Big5', /[\p{sc=Han}\u2010-\u2026\u3000-\u303f\uff00-\uffef]/gu],
  ['EUC-KR', /[\p{sc=Hangul}\p{sc=Han}\u3000-\u303f\uff00-\uffef]/gu],
]);

/** Of one byte, for scripts other than Latin. */
const narrow = new Map<string, RegExp>([
  ['windows-1251', /\p{sc=Cyrillic}/gu],
  ['KOI8-R', /\p{sc=Cyrillic}/gu],
  ['ISO-8859-5', /\p{sc=Cyrillic}/gu],
  ['ISO-8859-7', /\p{sc=Greek}/gu],
  ['windows-1253', /\p{sc=Greek}/gu],
  ['ISO-8859-8', /\p{sc=Hebrew}/gu],
  ['windows-1255', /\p{sc=Hebrew}/gu],
  ['windows-1256', /[\p{sc=Arabic}،؛؟]/gu],
]);

/** What the library is as sure of, of a hundred, is no coincidence. */
const leastSure = { wide: 50, narrow: 10 };

/** Of what a text has beyond ASCII this much is of the script of its charset; the rest are signs. */
const leastOfScript = 0.95;

/** The charset of several bytes a letter that the bytes are in beyond doubt. */
export function guessWide(bytes: Uint8Array): string | undefined {
  const sample = telling(bytes);
  return (
    chosen(sample, wide, leastSure.wide) ?? ['shift_jis', 'euc-jp'].find((each) => hasKana(sample, each))
  );
}

/** A text of foreign words in Katakana has few letters that the library counts. */
function hasKana(sample: Uint8Array, charset: string): boolean {
  const text = new TextDecoder(charset).decode(sample);
  const kana = text.match(/[\u3041-\u30fe]/g)?.length ?? 0;
  return kana >= fewestKana && kana * 3 >= text.replace(/[\0-\u007f]+/g, '').length;
}

const fewestKana = 4;

/**
 * The charset of bytes that are not UTF-8: Windows-1252 unless most words have no letter of ASCII, as they do in no Latin
 * script; undefined where those are in no charset that can be told.
 */
export function guessNarrow(bytes: Uint8Array): string | undefined {
  const sample = telling(bytes);
  const { foreign, western, misplaced } = letters(sample);
  if (foreign < fewestForeign || foreign <= western) return western1252;
  const found = [chosen(sample, narrow, leastSure.narrow) ?? [], commonWide(sample)].flat();
  if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  const isSome = foreign >= enoughForeign || misplaced >= fewestMisplaced;
  return isSome && foreign > 4 * western ? undefined : western1252;
}

const western1252 = 'windows-1252';
/** In bytes: fewer are an abbreviation, or letters that somebody lists. */
const fewestForeign = 6;
/** In bytes: as many are not read as what they are not. */
const enoughForeign = 20;
/** Signs within words, which have none in Windows-1252. */
const fewestMisplaced = 2;

function chosen(sample: Uint8Array, charsets: ReadonlyMap<string, RegExp>, sure: number): string | undefined {
  for (const { name, confidence } of analyse(sample)) {
    const script = charsets.get(name);
    if (script && confidence >= sure && isOfScript(sample, name, script)) return name.toLowerCase();
  }
  return undefined;
}

/** In words of the script, cased as words are: letters of the wrong charset are in capitals behind small ones. */
function isOfScript(sample: Uint8Array, charset: string, script: RegExp): boolean {
  const text = new TextDecoder(charset).decode(sample).replace(/[\0-\u007f\s«»“”„‘’–—…№€©°·•]/gu, ' ');
  const beyond = text.replace(/ /g, '').length;
  const oddlyCased = text.match(/\p{Ll}\p{Lu}/gu)?.length ?? 0;
  return (text.match(script)?.length ?? 0) >= beyond * leastOfScript && oddlyCased * 10 <= beyond;
}

/** Whole lines that have more than ASCII. */
function telling(bytes: Uint8Array): Uint8Array {
  const sample = new Uint8Array(Math.min(bytes.length, sampled));
  let [length, start, isTelling] = [0, 0, false];
  for (let at = 0; at <= bytes.length && length < sampled; at++) {
    const byte = bytes[at] ?? lineFeed;
    if (byte >= 0x80) isTelling = true;
    if (byte !== lineFeed) continue;
    const line = bytes.subarray(start, Math.min(at + 1, start + sampled - length));
    if (isTelling) {
      sample.set(line, length);
      length += line.length;
    }
    [start, isTelling] = [at + 1, false];
  }
  return sample.subarray(0, length);
}

const lineFeed = 0x0a;

interface Letters {
  /** Beyond ASCII, in words of nearly nothing else. */
  foreign: number;
  /** Beyond ASCII, in words that have letters of ASCII too. */
  western: number;
  /** Signs within the former. */
  misplaced: number;
}

function letters(sample: Uint8Array): Letters {
  const found = { foreign: 0, western: 0, misplaced: 0 };
  const text = Buffer.from(sample.buffer, sample.byteOffset, sample.length).toString('latin1');
  for (const [written] of text.matchAll(/[A-Za-z\u0080-\u00ff]{2,200}/g)) {
    const word = written.replace(/^[\u0080-\u00bf]+|[\u0080-\u00bf]+$/g, '');
    const ascii = word.replace(/[^A-Za-z]+/g, '').length;
    const signs = word.match(signsOf1252)?.length ?? 0;
    const beyond = word.length - ascii;
    if (beyond - signs >= 2 && beyond >= 3 && ascii * 4 <= word.length) {
      found.foreign += beyond;
      found.misplaced += signs;
    } else if (beyond > signs && ascii > 0) found.western += beyond - signs;
  }
  return found;
}

/** In Windows-1252, before the end of a word: no letters, nor what stands between some: an apostrophe, a hyphen that is not shown, a raised dot. */
const signsOf1252 =
  /[^A-Za-z\u00c0-\u00ff\u008a\u008c\u008e\u0092\u009a\u009c\u009e\u009f\u00aa\u00ad\u00b7\u00ba](?=.)/g;
