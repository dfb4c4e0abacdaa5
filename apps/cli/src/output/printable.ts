/**
 * Text from elsewhere without control characters (tab and newline stay), so that it cannot steer the reader's terminal:
 * C0 and C1, and the marks that turn the direction of writing.
 */
export const printable = (text: string): string =>
  text.replace(/[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu, '');

/** The same for a text that `styleText` has put colours in: those stay. */
export const printableInColour = (text: string): string =>
  text
    .split(colours)
    .map((piece, at) => (at % 2 === 0 ? printable(piece) : piece))
    .join('');

const escape = '\x1b';
const colours = new RegExp(`(${escape}\\[\\d+(?:;\\d+)*m)`);

/** The beginning of a text on one line, cut at a word. */
export function excerpt(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= length) return line;
  const cut = line.slice(0, length);
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).trimEnd()} …`;
}

/** `123`, `1 file`, `2 files`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
