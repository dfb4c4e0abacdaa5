/**
 * Charsets of two bytes a letter keep the letters that are used most in places of their own, and short texts have no
 * others: the simplified signs of the first level, the syllables of Korean, the traditional signs of the first level.
 * With each the signs between words.
 */
const common: readonly (readonly [charset: string, letters: RegExp])[] = [
  ['gb18030', /[\u00b0-\u00d7][\u00a1-\u00fe]|[\u00a1\u00a3][\u00a1-\u00fe]/g],
  ['euc-kr', /[\u00b0-\u00c8][\u00a1-\u00fe]|[\u00a1\u00a3][\u00a1-\u00fe]/g],
  ['big5', /[\u00a1-\u00c6][@-~\u00a1-\u00fe]/g],
];

/** In letters: as many of Korean alone are no coincidence, though each could be Chinese. */
const enoughKorean = 8;

/** The charsets in which all letters are common ones, of a text too short for counts. */
export function commonWide(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const found = common
    .filter(([, letters]) => !/[\u0080-\u00ff]/.test(text.replace(letters, '')))
    .map(([charset]) => charset);
  const letters = text.replace(/[\0-\u007f]+/g, '').length / 2;
  return found.includes('euc-kr') && letters >= enoughKorean
    ? found.filter((each) => each !== 'gb18030')
    : found;
}
