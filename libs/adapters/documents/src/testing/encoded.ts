/** Texts in charsets that Node reads but does not write. */
export function encoded(text: string, charset: string): Uint8Array {
  const bytes = charsets.get(charset) ?? bytesOfLetters(charset);
  charsets.set(charset, bytes);
  return Uint8Array.from(
    [...text].flatMap((letter) => {
      const found = bytes.get(letter);
      if (!found) throw new Error(`${charset} has no ${letter}`);
      return found;
    }),
  );
}

const charsets = new Map<string, Map<string, readonly number[]>>();

/** Of one byte or two: there are no others in our tests. */
function bytesOfLetters(charset: string): Map<string, readonly number[]> {
  const decoder = new TextDecoder(charset, { fatal: true });
  const found = new Map<string, readonly number[]>();
  const add = (...bytes: readonly number[]): void => {
    try {
      const letter = decoder.decode(Uint8Array.from(bytes));
      if ([...letter].length === 1 && !found.has(letter)) found.set(letter, bytes);
    } catch {
      // No letter.
    }
  };
  for (let byte = 0; byte < 256; byte++) add(byte);
  for (let first = 0x81; first < 0xff; first++) for (let next = 0x40; next < 0xff; next++) add(first, next);
  return found;
}
