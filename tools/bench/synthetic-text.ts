/** Words a text is drawn from. Their frequencies fall as in real text without its stop words (Zipf-Mandelbrot). */
const vocabulary = 50_000;
const shift = 20;
const syllables = [
  'ka',
  'lo',
  'mi',
  'ne',
  'ru',
  'sa',
  'te',
  'vo',
  'pi',
  'du',
  'fa',
  'go',
  'he',
  'ju',
  'ze',
  'by',
];

/** The word of a rank: `kalo`, `luminete`. */
export const wordOf = (rank: number): string =>
  (rank + syllables.length)
    .toString(syllables.length)
    .split('')
    .map((digit) => syllables[parseInt(digit, syllables.length)])
    .join('');

export function words(count: number, random: () => number): string[] {
  const spread = Math.log((vocabulary + shift) / shift);
  return Array.from({ length: count }, () => wordOf(Math.floor(shift * Math.exp(random() * spread) - shift)));
}

/** Paragraphs of a few sentences each. */
export const paragraphs = (count: number, random: () => number): string =>
  Array.from({ length: count }, () =>
    Array.from({ length: 4 }, () => sentence(8 + Math.floor(random() * 12), random)).join(' '),
  ).join('\n\n');

function sentence(length: number, random: () => number): string {
  const text = words(length, random).join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
