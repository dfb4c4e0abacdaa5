import type { ListLevel, WordList } from './lists.ts';
import { numberText } from './number-text.ts';

/** Of characters; longer is no number that anybody reads. */
const longestMark = 255;

/** Counts the paragraphs of lists in the order of the text, as Word does. */
export class ListCounters {
  /** The last number of each level, by kind of list: lists of one kind count together. */
  private readonly counts = new Map<string, (number | undefined)[]>();
  /** The levels of each list that have had a paragraph. */
  private readonly begun = new Map<WordList, Set<number>>();

  /** Counts one more paragraph and says what stands before it: `2.1.`, `(c)`. */
  next(list: WordList, at: number): string {
    const counts = this.counts.get(list.kind) ?? [];
    this.counts.set(list.kind, counts);
    const last = this.begins(list, at) && list.starts.has(at) ? undefined : counts[at];
    counts[at] = last === undefined ? startOf(list, at) : last + 1;
    for (const [deeper, level] of list.levels)
      if (deeper > at && restartsAfter(level, at, deeper)) counts[deeper] = undefined;
    return markOf(list, at, counts);
  }

  private begins(list: WordList, at: number): boolean {
    const begun = this.begun.get(list) ?? new Set<number>();
    this.begun.set(list, begun);
    return !begun.has(at) && !!begun.add(at);
  }
}

const startOf = (list: WordList, at: number): number =>
  list.starts.get(at) ?? list.levels.get(at)?.start ?? 0;

/** What names a level below its own says nothing. */
const restartsAfter = ({ restart }: ListLevel, at: number, own: number): boolean =>
  restart === undefined || restart > own || at < restart;

function markOf(list: WordList, at: number, counts: readonly (number | undefined)[]): string {
  const level = list.levels.get(at);
  const mark = level?.text.replace(/%([1-9])/g, (_, digit: string) => {
    const of = Number(digit) - 1;
    const format = list.levels.get(of)?.format;
    if (of > at || format === undefined) return '';
    const isWord = level.isLegal && format !== 'none' && format !== 'bullet';
    return numberText(counts[of] ?? startOf(list, of), isWord ? 'decimal' : format);
  });
  return (mark ?? '').trim().slice(0, longestMark);
}
