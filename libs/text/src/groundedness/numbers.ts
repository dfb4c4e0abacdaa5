/** Digits of any script, with what writes them in groups or parts them from a fraction. */
const number = /\p{Nd}+(?:[.,'’\u00a0\u202f]\p{Nd}+)*/gu;
const ascii = /^[0-9.,']*$/;
/** Of thousands: `1,234`, `1.234`, `1’234` and `1 234` are one number, wherever they were written. */
const grouping = /[.,'’\u00a0\u202f](?=\d{3}(?!\d))/g;

/**
 * The numbers of a text as they compare: `1,234.50` is `1234.5`, `٣` is `3`. Those written in words, and Roman ones, are not
 * among them.
 */
export const numbersIn = (text: string): string[] => (text.match(number) ?? []).map(compared);

/** The text without them, for who looks at words alone. */
export const withoutNumbers = (text: string): string => text.replace(number, ' ');

function compared(written: string): string {
  const digits = ascii.test(written) ? written : written.replace(/\p{Nd}/gu, latin);
  const [whole = '', ...parts] = digits.replace(grouping, '').split(/[.,'’\u00a0\u202f]/);
  const fraction = parts.join('.').replace(/0+$/, '');
  return withoutZeros(whole) + (fraction && `.${fraction}`);
}

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=\d)/, '');

/** Unicode has the digits of a script one after the other, from 0 to 9. */
function latin(digit: string): string {
  const code = digit.codePointAt(0)!;
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--;
  return String((code - first) % 10);
}
