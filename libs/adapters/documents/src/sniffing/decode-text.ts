import { guessNarrow, guessWide } from './guess-charset.ts';

/** Bytes as text when they are text, in whatever encoding; undefined when they are something else. */
export function decodeText(bytes: Uint8Array, declaredCharset?: string): string | undefined {
  const marked = byteOrderMark(bytes);
  if (marked) return textOrNothing(decode(bytes, marked));
  const wide = guessUtf16(bytes);
  if (wide) return textOrNothing(decode(bytes, wide));
  if (bytes.includes(0)) return undefined;
  const named = declaredCharset && knownCharset(declaredCharset);
  const charsets = [...new Set([named || 'utf-8', 'utf-8'])];
  for (const charset of charsets) {
    const whole = decode(bytes, charset, true);
    if (whole !== undefined) return textOrNothing(whole);
  }
  const guessed = named && named !== 'utf-8' ? undefined : wholeIn(bytes, guessWide(bytes));
  if (guessed !== undefined) return textOrNothing(guessed);
  for (const charset of charsets) {
    const mended = decode(bytes, charset) ?? '';
    if (makesSense(mended, charset === named)) return mended;
  }
  const charset = guessNarrow(bytes);
  return charset && textOrNothing(decode(bytes, charset));
}

/** Text whose letters beyond ASCII may be wrong; undefined where there is none. */
export const latinText = (bytes: Uint8Array): string | undefined =>
  bytes.includes(0) ? undefined : textOrNothing(decode(bytes, 'windows-1252'));

/** Why bytes are no text: some are, in a charset that nobody names. */
export function whyNoText(bytes: Uint8Array): string {
  if (bytes.includes(0)) return 'it is no known format, nor text: it has NUL bytes';
  if (latinText(bytes) === undefined)
    return 'it is no known format, nor text: it has many characters that no text has';
  return 'it is text in a charset that cannot be told; save it as UTF-8, or name it in the media type: text/plain; charset=koi8-r';
}

const wholeIn = (bytes: Uint8Array, charset: string | undefined): string | undefined =>
  charset && decode(bytes, charset, true);

/** Beyond ASCII more was decoded than was not, or as much where the sender names the charset. */
function makesSense(text: string, isNamed: boolean): boolean {
  const decoded = text.replace(/[^\u0080-\ufffc]+/g, '').length;
  const spoilt = text.replace(/[^\ufffd]+/g, '').length;
  return (isNamed ? decoded >= spoilt : decoded > spoilt) && !!textOrNothing(text.replaceAll('\ufffd', ''));
}

function byteOrderMark([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
}

const sampled = 4096;

/** UTF-16 without a mark: much of Western text is every other byte zero, never on both sides, with blanks between. */
function guessUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const length = Math.min(bytes.length, sampled) & ~1;
  const zeros = { even: 0, odd: 0 };
  const blanks = { even: 0, odd: 0 };
  for (let i = 0; i < length; i++) {
    const side = i & 1 ? 'odd' : 'even';
    if (bytes[i] === 0) zeros[side]++;
    else if (bytes[i] === 0x20 || bytes[i] === 0x0a) blanks[side]++;
  }
  const enough = length * 0.2;
  if (zeros.odd > enough && zeros.even === 0) return blanks.even > 0 ? 'utf-16le' : undefined;
  return zeros.even > enough && zeros.odd === 0 && blanks.odd > 0 ? 'utf-16be' : undefined;
}

function decode(bytes: Uint8Array, charset: string, fatal = false): string | undefined {
  try {
    return new TextDecoder(charset, { fatal }).decode(bytes);
  } catch {
    return undefined;
  }
}

function knownCharset(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** Text has no NUL and hardly any other control character. */
function textOrNothing(text: string | undefined): string | undefined {
  if (text === undefined || text.includes('\0')) return undefined;
  const controls = text.slice(0, sampled).match(control)?.length ?? 0;
  return controls > Math.min(text.length, sampled) * 0.05 ? undefined : text;
}

/** Control characters but white space, and U+FFFD, which decoding puts where the bytes make no sense. */
const control = /[^\P{Cc}\t\n\v\f\r\u0085]|\ufffd/gu;
