/** Of longer words the model's definition makes one unknown token. */
const longestWord = 100;
const lettersAndDigits = /^[A-Za-z0-9]+$/;
/** No entry of the vocabulary is longer. */
const longestPiece = 18;

/**
 * WordPiece for long words of ASCII letters and digits: hashes, keys, Base64. The library takes time with the cube of
 * their length, 3 ms for 100 characters: a page of them would hold up everybody else.
 */
export class LongWords {
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
