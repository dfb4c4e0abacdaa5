import type { MarginalRelevance } from '@millrace/contracts';
import type { Scored } from './fusion.ts';

/** A candidate that was chosen, and what for where that was its marginal relevance. */
export interface Choice<T> {
  readonly candidate: T;
  readonly mmr?: MarginalRelevance;
}

interface Open<T> {
  readonly candidate: T;
  readonly place: number;
  readonly relevance: number;
  readonly vector: Float32Array;
  /** Cosine with the nearest of those chosen; undefined before the first. */
  similarity: number | undefined;
}

/**
 * Up to `limit` candidates in the order of their maximal marginal relevance, one for each step: each time the one with the highest
 *
 *     (1 - diversity) * relevance - diversity * max(cosine with each of those chosen)
 *
 * of what is left, the better ranked of equal ones. Carbonell and Goldstein, SIGIR 1998, with λ = 1 - diversity:
 * https://doi.org/10.1145/290941.291025. Relevance is the score placed between the candidates' lowest, 0, and highest, 1,
 * for fused scores and BM25 have scales of their own. (Qdrant's own MMR takes the cosine with the query for relevance:
 * it would undo the fusion, and has no place in a search by words.)
 *
 * @param candidates best first
 * @param vectorOf of unit length
 */
export function* byMarginalRelevance<T extends Scored>(
  candidates: readonly T[],
  vectorOf: (candidate: T) => Float32Array,
  { diversity, limit }: { readonly diversity: number; readonly limit: number },
): Generator<Choice<T>> {
  const [highest, lowest] = [candidates[0]?.score ?? 0, candidates.at(-1)?.score ?? 0];
  const open = candidates.map((candidate, at): Open<T> => {
    const relevance = highest === lowest ? 1 : (candidate.score - lowest) / (highest - lowest);
    return { candidate, place: at + 1, relevance, vector: vectorOf(candidate), similarity: undefined };
  });
  const scoreOf = ({ relevance, similarity = 0 }: Open<T>): number =>
    (1 - diversity) * relevance - diversity * similarity;
  for (let chosen = 0; chosen < limit && open.length > 0; chosen++) {
    const best = open.reduce((a, b) => (scoreOf(b) > scoreOf(a) ? b : a));
    open.splice(open.indexOf(best), 1);
    const { candidate, place, relevance, similarity } = best;
    const told = { diversity, place, highest, lowest, relevance, score: scoreOf(best) };
    yield { candidate, mmr: { ...told, ...(similarity !== undefined && { similarity }) } };
    for (const one of open)
      one.similarity = Math.max(one.similarity ?? -Infinity, dot(one.vector, best.vector));
  }
}

/** The cosine of vectors of unit length. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
