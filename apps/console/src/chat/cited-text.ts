/** A piece of an answer: text, or the number of a source. */
export type Piece = string | number;

/** `Built in 1791 [1][2].` -> `['Built in 1791 ', 1, 2, '.']`; numbers without a source stay text. */
export function splitCitations(text: string, known: ReadonlySet<number>): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(/\[(\d{1,3})\]/g)) {
    const number = Number(match[1]);
    if (!known.has(number)) continue;
    if (match.index > from) pieces.push(text.slice(from, match.index));
    pieces.push(number);
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}
