import type { SearchResult } from '@millrace/contracts';
import type { Flaw } from './faults.ts';

type Stretch = Pick<SearchResult, 'text' | 'start' | 'end'>;

/** What keeps chunks from being a text: all of it but white space, each stretch once, to the letter. */
export function textFlaws(text: string, chunks: readonly Stretch[]): Flaw[] {
  const flaws: Flaw[] = [];
  let covered = 0;
  for (const { start, end, text: own } of chunks.toSorted((a, b) => a.start - b.start)) {
    if (own !== text.slice(start, end)) flaws.push(['lost', `${start} to ${end} reads otherwise`]);
    if (start < covered) flaws.push(['duplicated', `${start} to ${Math.min(covered, end)} is there again`]);
    flaws.push(...gapIn(text, covered, start));
    covered = Math.max(covered, end);
  }
  return [...flaws, ...gapIn(text, covered, text.length)];
}

const gapIn = (text: string, from: number, to: number): Flaw[] =>
  text.slice(from, to).trim() === '' ? [] : [['lost', `${from} to ${to} is in no chunk`]];
