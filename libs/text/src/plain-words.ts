/** Of longer words the model's definition makes one unknown token. */
const longestWord = 100;
const lettersAndDigits = /^[A-Za-z0-9]+$/;
/** No entry of the vocabulary is longer. */
const longestPiece = 18;

/**
 * WordPiece for words of ASCII letters and digits, which most are. The library takes time with the cube of their
 * length: some 15 µs for an ordinary word, 3 ms for the 100 characters of a key, and a page of keys would hold up
 * everybody else.
 */
export class PlainWords {
  constructor(private readonly vocabulary: Readonly<Record<string, number>>) {}

  fits(word: string): boolean {
    return word.length <= longestWord && lettersAndDigits.test(word);
  }

  /** Every letter and digit is in the vocabulary by itself, at the beginning of a word and within. */
  idsOf(word: string): number[] {
    const lower = word.toLowerCase();
    const ids: number[] = [];
    for (let at = 0; at < lower.length;) {
      const head = at === 0 ? '' : '##';
      let end = Math.min(lower.length, at + longestPiece);
      while (end > at + 1 && !Object.hasOwn(this.vocabulary, head + lower.slice(at, end))) end--;
      ids.push(this.vocabulary[head + lower.slice(at, end)]!);
      at = end;
    }
    return ids;
  }
}
