import type { Candidate, View } from './detector.ts';
import { gapAfter, isGrowing, maxGap, skeletonOf, type Run, type Word } from './words.ts';

interface Node {
  readonly next: Map<string, Node>;
  /** The same by their skeletons. */
  readonly alike: Map<string, Node>;
  /** Every beginning of the words in `next`, and of their skeletons: an unfinished word that is one of them may still become a match. */
  readonly beginnings: Set<string>;
  isEnd: boolean;
}

/**
 * So many letters set apart may be a part of more: `h o w t o k i l l m y s e l f`. Fewer count only by themselves, or
 * `E S S E X` would hold another word.
 */
const minLettersWithin = 5;

/** Where a phrase ends, at its longest; `open`: more text decides. */
type Ending = number | 'open' | undefined;

const later = (one: Ending, other: Ending): Ending => {
  if (one === 'open' || other === 'open') return 'open';
  return one === undefined || (other !== undefined && other > one) ? other : one;
};

/** Finds phrases of whole words, in any case, with letters replaced by what resembles them, or set apart. */
export class Phrases {
  private readonly root = newNode();

  /** One phrase an entry, lower case, its words separated by one blank. */
  constructor(phrases: Iterable<string>) {
    for (const phrase of phrases) this.add(phrase.split(' '));
  }

  /** The longest phrase from each word on that begins at or after `from`. */
  *find(view: View): Generator<Candidate> {
    const { words, lower, from } = view;
    for (let first = firstFrom(words, from); first < words.length; first++) {
      const end = later(whole(view, this.root, first), spelled(view, this.root, first, first));
      const { start } = words[first]!;
      if (end === 'open') yield { start, end: lower.length, open: true };
      else if (end !== undefined) yield { start, end };
    }
  }

  private add(words: readonly string[]): void {
    let node = this.root;
    for (const word of words) {
      const skeleton = skeletonOf(word);
      for (const text of [word, skeleton])
        for (let length = 1; length <= text.length; length++) node.beginnings.add(text.slice(0, length));
      const next: Node = node.next.get(word) ?? newNode();
      node.next.set(word, next);
      if (!node.alike.has(skeleton)) node.alike.set(skeleton, next);
      node = next;
    }
    node.isEnd = true;
  }
}

const newNode = (): Node => ({ next: new Map(), alike: new Map(), beginnings: new Set(), isEnd: false });

/** The next word of the phrase is one of the text's. */
function whole(view: View, node: Node, at: number): Ending {
  const { words, lower, complete } = view;
  const word = words[at]!;
  const { text, letters, end } = word;
  if (!complete && isGrowing(word, lower) && mayBecome(node, text, letters)) return 'open';
  const next = child(node, text, letters);
  return next && later(next.isEnd ? end : undefined, goOn(view, next, at + 1));
}

/**
 * The next word of the phrase is of letters set apart.
 * @param since where the phrase's letters of this run begin
 */
function spelled(view: View, node: Node, at: number, since: number): Ending {
  const { words } = view;
  const { run } = words[at]!;
  if (!run) return undefined;
  let ending: Ending;
  let text = '';
  let letters = '';
  for (let last = at; last <= run.last; last++) {
    text += words[last]!.text;
    letters += words[last]!.letters ?? words[last]!.text;
    if (!mayBecome(node, text, letters)) break;
    if (last === run.last && mayGrow(view, run)) return 'open';
    const next = last > at ? child(node, text, letters) : undefined;
    if (next) ending = later(ending, afterLetters(view, next, since, last));
  }
  return ending;
}

/** @param since where the phrase's letters of this run begin; `last`: where they end for now */
function afterLetters(view: View, node: Node, since: number, last: number): Ending {
  const { end, run } = view.words[last]!;
  const { first, last: lastOfRun } = run!;
  const counts = last - since + 1 >= minLettersWithin || (since === first && last === lastOfRun);
  if (!counts && since === first && last === lastOfRun - 1 && mayShrink(view, run!)) return 'open';
  const here = node.isEnd && counts ? end : undefined;
  if (last < lastOfRun) return later(here, spelled(view, node, last + 1, since));
  return counts ? later(here, goOn(view, node, last + 1)) : undefined;
}

const mayGrow = ({ words, lower, complete }: View, { last }: Run): boolean =>
  !complete && last === words.length - 1 && gapAfter(words[last]!, lower) <= maxGap;

/** Its last letter may yet become a longer word, which is none of the run. */
const mayShrink = (view: View, run: Run): boolean =>
  mayGrow(view, run) && isGrowing(view.words[run.last]!, view.lower);

function goOn(view: View, node: Node, at: number): Ending {
  const { words, lower, complete } = view;
  const previous = words[at - 1]!;
  const word = words[at];
  if (!word)
    return !complete && node.next.size > 0 && gapAfter(previous, lower) <= maxGap ? 'open' : undefined;
  if (word.start - previous.end > maxGap) return undefined;
  return later(whole(view, node, at), spelled(view, node, at, at));
}

/** The next word of the phrase; a number stands for no letters. */
function child({ next, alike }: Node, text: string, letters = text): Node | undefined {
  const found = next.get(text);
  if (found || letters === text) return found;
  const resembling = alike.get(skeletonOf(letters));
  return resembling && /[a-z]/.test(text) ? resembling : undefined;
}

const mayBecome = ({ beginnings }: Node, text: string, letters = text): boolean =>
  beginnings.has(text) || (letters !== text && beginnings.has(skeletonOf(letters)));

function firstFrom(words: readonly Word[], from: number): number {
  const last = words.findLastIndex(({ start }) => start < from);
  return last + 1;
}
