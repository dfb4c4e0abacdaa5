import type { FusionMethod } from '@millrace/contracts';

/** A candidate in a ranking; `uuid` is the chunk's. */
export interface Scored {
  readonly uuid: string;
  readonly score: number;
}

/**
 * One ranking from several, best first, equal scores in the order of chunk ids. Each list is best first.
 * The formulas are Qdrant's, so that the embedded store and a Qdrant cluster rank alike.
 */
export function fuse<T extends Scored>(method: FusionMethod, lists: readonly (readonly T[])[]): T[] {
  const normalised = method === 'dbsf' ? byDistribution : byRank;
  const fused = new Map<string, T>();
  for (const list of lists)
    for (const [rank, score] of normalised(list).entries()) {
      const candidate = list[rank]!;
      fused.set(candidate.uuid, { ...candidate, score: score + (fused.get(candidate.uuid)?.score ?? 0) });
    }
  return [...fused.values()].sort(bestFirst);
}

export const bestFirst = (a: Scored, b: Scored): number =>
  b.score - a.score || (a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : 0);

/** Qdrant's default `k`: https://github.com/qdrant/qdrant/blob/v1.19.0/lib/segment/src/common/reciprocal_rank_fusion.rs */
const rrfK = 2;

/** Reciprocal ranks, counted from 0. */
const byRank = (list: readonly Scored[]): number[] => list.map((_, rank) => 1 / (rrfK + rank));

/**
 * Distribution-based score fusion: mean - 3 standard deviations (of the sample) becomes 0, mean + 3 becomes 1.
 * A single hit, and each of several equal ones, counts 0.5:
 * https://github.com/qdrant/qdrant/blob/v1.19.0/lib/segment/src/common/score_fusion.rs
 */
function byDistribution(list: readonly Scored[]): number[] {
  const { mean, variance } = welford(list);
  const deviation = Math.sqrt(variance);
  const [low, high] = [mean - 3 * deviation, mean + 3 * deviation];
  return list.map(({ score }) => (low === high ? 0.5 : (score - low) / (high - low)));
}

/** One pass, and exactly 0 for equal scores: https://jonisalonen.com/2013/deriving-welfords-method-for-computing-variance/ */
function welford(list: readonly Scored[]): { mean: number; variance: number } {
  let mean = 0;
  let squares = 0;
  for (const [index, { score }] of list.entries()) {
    const before = score - mean;
    mean += before / (index + 1);
    squares += before * (score - mean);
  }
  return { mean, variance: list.length > 1 ? squares / (list.length - 1) : 0 };
}
