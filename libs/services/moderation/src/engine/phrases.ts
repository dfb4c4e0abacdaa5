import type { Candidate, View } from './detector.ts';
import { readAllSubstitutes, readSubstitutes, type Word } from './words.ts';

interface Node {
  readonly next: Map<string, Node>;
  /** Every beginning of the words in `next`: an unfinished word that is one of them may still become a match. */
  readonly beginnings: Set<string>;
  isEnd: boolean;
}

/** Blanks, line ends and marks that may stand between two words of a phrase. */
const maxGap = 3;

/** Finds phrases of whole words, in any case and with letters replaced by what resembles them. */
export class Phrases {
  /** Characters from the beginning of the longest phrase to its end. */
  readonly maxLength: number;
  private readonly root = newNode();

  /** One phrase an entry, lower case, its words separated by one blank. */
  constructor(phrases: Iterable<string>) {
    let longest = 0;
    for (const phrase of phrases) {
      const words = phrase.split(' ');
      this.add(words);
      longest = Math.max(longest, phrase.length + (words.length - 1) * (maxGap - 1));
    }
    this.maxLength = longest;
  }

  /** The longest phrase from each word on that begins at or after `from`. */
  *find({ words, lower, from, complete }: View): Generator<Candidate> {
    for (let first = firstFrom(words, from); first < words.length; first++) {
      const candidate = this.match(words, first, lower, complete);
      if (candidate) yield candidate;
    }
  }

  private match(
    words: readonly Word[],
    first: number,
    lower: string,
    complete: boolean,
  ): Candidate | undefined {
    const { start } = words[first]!;
    let end: number | undefined;
    let node = this.root;
    for (let at = first; ; at++) {
      const word = words[at];
      if (!word) {
        const mayGoOn = !complete && node.next.size > 0 && lower.length - words[at - 1]!.end <= maxGap;
        if (mayGoOn) return { start, end: lower.length, open: true };
        break;
      }
      if (at > first && word.start - words[at - 1]!.end > maxGap) break;
      if (!complete && isGrowing(word, lower) && mayBecome(node, word.text))
        return { start, end: lower.length, open: true };
      const next = node.next.get(word.text) ?? node.next.get(readSubstitutes(word.text));
      if (!next) break;
      if (next.isEnd) end = word.end;
      node = next;
    }
    return end === undefined ? undefined : { start, end };
  }

  private add(words: readonly string[]): void {
    let node = this.root;
    for (const word of words) {
      for (let length = 1; length <= word.length; length++) node.beginnings.add(word.slice(0, length));
      let next = node.next.get(word);
      if (!next) node.next.set(word, (next = newNode()));
      node = next;
    }
    node.isEnd = true;
  }
}

const newNode = (): Node => ({ next: new Map(), beginnings: new Set(), isEnd: false });

/** The text ends with this word, or with a sign after which it could go on. */
const isGrowing = ({ end }: Word, lower: string): boolean =>
  end === lower.length || (end === lower.length - 1 && /[!|]$/.test(lower));

const mayBecome = ({ beginnings }: Node, text: string): boolean =>
  beginnings.has(text) || beginnings.has(readAllSubstitutes(text));

function firstFrom(words: readonly Word[], from: number): number {
  const last = words.findLastIndex(({ start }) => start < from);
  return last + 1;
}
