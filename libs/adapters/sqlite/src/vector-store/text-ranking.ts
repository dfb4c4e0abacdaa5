import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { bestFirst, Bm25, type TermTotals } from '@millrace/ports';
import type { Candidate, Eligible } from './eligible.ts';

/** `chunk.id` is `sequence * 4096 + terms`. */
const lengthUnit = 4_096;
export const longestCounted = lengthUnit - 1;
export const chunkLength = (id: number): number => id % lengthUnit;
export const chunkId = (sequence: number, terms: number): number =>
  sequence * lengthUnit + Math.min(terms, longestCounted);
export const chunkSequence = (id: number): number => Math.floor(id / lengthUnit);

/** A space's terms are kept apart from every other's by their first letters, and so are its statistics. */
export const postingTerm = (space: number, term: string): string => `${space}x${term}`;

/**
 * The chunks that share terms with a query, by BM25. FTS5 keeps the postings; scoring happens here, because its own
 * `bm25()` takes all tenants' chunks as one collection, ignores terms that half of them have, and was three times
 * slower on common terms.
 */
export function rankByTerms(
  database: DatabaseSync,
  eligible: Eligible,
  totals: TermTotals,
  terms: readonly string[],
  limit: number,
): Candidate[] {
  const scores = scoreAll(database, eligible.space, totals, terms);
  const admitted = eligible.everything ? scores : among(scores, eligible.ids());
  return best(database, admitted, limit);
}

function scoreAll(
  database: DatabaseSync,
  space: number,
  totals: TermTotals,
  terms: readonly string[],
): Map<number, number> {
  const scores = new Map<number, number>();
  const select = database.prepare('SELECT doc FROM posting WHERE term = ?');
  select.setReturnArrays(true);
  const bm25 = new Bm25(totals);
  for (const term of new Set(terms)) {
    const frequencies = frequenciesOf(select, postingTerm(space, term));
    const weight = bm25.weight(frequencies.length);
    for (const [id, count] of frequencies)
      scores.set(id, (scores.get(id) ?? 0) + weight * bm25.match(count, chunkLength(id)));
  }
  return scores;
}

/** The chunks that have a term, and how often. */
function frequenciesOf(select: StatementSync, term: string): [id: number, count: number][] {
  const frequencies: [number, number][] = [];
  let last: [number, number] | undefined;
  for (const [id] of select.all(term) as unknown as [number][]) {
    if (last?.[0] === id) last[1]++;
    else frequencies.push((last = [id, 1]));
  }
  return frequencies;
}

function among(scores: ReadonlyMap<number, number>, ids: ReadonlySet<number>): Map<number, number> {
  return new Map([...scores].filter(([id]) => ids.has(id)));
}

function best(database: DatabaseSync, scores: ReadonlyMap<number, number>, limit: number): Candidate[] {
  const least = Float64Array.from(scores.values()).sort().at(-limit) ?? 0;
  const ids = [...scores].filter(([, score]) => score >= least).map(([id]) => id);
  const named = database
    .prepare('SELECT id, uuid FROM vector WHERE id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(ids)) as unknown as { id: number; uuid: string }[];
  return named
    .map(({ id, uuid }) => ({ id, uuid, score: scores.get(id) ?? 0 }))
    .sort(bestFirst)
    .slice(0, limit);
}
