import type { FusionMethod } from '@millrace/contracts';
import { distributionOf, placeIn } from './score-distribution.ts';

/** A candidate in a ranking; `uuid` is the chunk's. */
export interface Scored {
  readonly uuid: string;
  readonly score: number;
}

/**
 * One ranking from several, best first, equal scores in the order of chunk ids. Each list is best first, and counts as
 * much as its weight says, 1 by default. The formulas are Qdrant's, so that the embedded store and a Qdrant cluster rank
 * alike; its requests take weights for `rrf` alone (1.17), its code has them for `dbsf` too.
 */
export function fuse<T extends Scored>(
  method: FusionMethod,
  lists: readonly (readonly T[])[],
  weights: readonly number[] = [],
): T[] {
  const fused = new Map<string, T>();
  for (const [at, list] of lists.entries())
    for (const [rank, score] of parts[method](list, weights[at] ?? 1).entries()) {
      const candidate = list[rank]!;
      fused.set(candidate.uuid, { ...candidate, score: score + (fused.get(candidate.uuid)?.score ?? 0) });
    }
  return [...fused.values()].sort(bestFirst);
}

export const bestFirst = (a: Scored, b: Scored): number =>
  b.score - a.score || (a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : 0);

/**
 * What each candidate of a list adds to its fused score. DBSF adds its weight times where the score lies in the
 * distribution of the list's: https://github.com/qdrant/qdrant/blob/v1.17.0/lib/segment/src/common/score_fusion.rs
 */
const parts: Record<FusionMethod, (list: readonly Scored[], weight: number) => number[]> = {
  rrf: (list, weight) => list.map((_, rank) => reciprocalRank(rank, weight)),
  dbsf: (list, weight) => {
    const distribution = distributionOf(list);
    return list.map(({ score }) => weight * placeIn(distribution, score));
  },
};

/** Qdrant's default `k` of reciprocal rank fusion. */
export const rrfK = 2;

/**
 * `1 / ((rank + 1) / weight + k - 1)`, ranks counted from 0, which is `1 / (rank + k)` for a weight of 1: by a weight of
 * 3 the third counts as the first does by 1. Of no weight, nothing:
 * https://github.com/qdrant/qdrant/blob/v1.17.0/lib/segment/src/common/reciprocal_rank_fusion.rs
 */
export const reciprocalRank = (rank: number, weight: number): number =>
  weight > 0 ? 1 / ((rank + 1) / weight + rrfK - 1) : 0;
