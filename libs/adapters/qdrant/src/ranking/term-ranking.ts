import { bestFirst, Bm25, type TermTotals } from '@millrace/ports';
import type { Schemas } from '@qdrant/js-client-rest';
import type { Collection } from '../collection/collection.ts';
import type { Condition } from '../filter/conditions.ts';
import { vectorNames, type ChunkPayload } from '../points/chunk-point.ts';
import { termId } from '../points/term-id.ts';
import { candidateFields, candidateOf, type Candidate, type Ranking } from './ranking.ts';
import type { TermStatistics } from './term-statistics.ts';

/** Qdrant reckons in 32 bits. */
const roundingError = 1e-6;
/** More than wanted, for the order of the proposals is not quite the order of the scores. */
const spare = (wanted: number): number => Math.max(32, wanted / 2);

/**
 * By BM25. Qdrant proposes by the product of the query's weights (the tenant's own inverse document frequencies) with
 * what was written for a mean length of `referenceLength`; the proposals are then scored exactly, by the tenant's
 * mean length, from the frequencies in their payload.
 */
export class TermRanking implements Ranking {
  private readonly bm25: Bm25;
  /** The most that a score was above what Qdrant made of it. */
  private highestRatio = 0;

  private constructor(
    totals: TermTotals,
    /** Term id -> weight, in the order of the query. */
    private readonly weights: ReadonlyMap<number, number>,
  ) {
    this.bm25 = new Bm25(totals);
  }

  /** Undefined when no chunk of the tenant has any of the terms. */
  static async of(
    statistics: TermStatistics,
    collection: Collection,
    tenant: string,
    terms: readonly string[],
  ): Promise<TermRanking | undefined> {
    const ids = [...new Set(terms.map(termId))];
    if (ids.length === 0) return undefined;
    const { totals, having } = await statistics.count(collection, tenant, ids);
    if (totals.terms === 0) return undefined;
    const bm25 = new Bm25(totals);
    const weights = ids.flatMap((id, at) => (having[at] ? [[id, bm25.weight(having[at])] as const] : []));
    return weights.length === 0 ? undefined : new TermRanking(totals, new Map(weights));
  }

  firstAsk(wanted: number): number {
    return Math.ceil(wanted + spare(wanted));
  }

  request(must: readonly Condition[], limit: number): Schemas['QueryRequest'] {
    const query = { indices: [...this.weights.keys()], values: [...this.weights.values()] };
    const frequencies = query.indices.map((id) => `frequencies."${id}"`);
    return {
      ...{ query, using: vectorNames.terms, filter: { must: [...must] }, limit },
      with_payload: [...candidateFields, 'length', ...frequencies],
    };
  }

  rank(points: readonly Schemas['ScoredPoint'][]): Candidate[] {
    const ranked = points.map((point) => candidateOf(point, this.score(point)));
    for (const [at, { score }] of ranked.entries())
      this.highestRatio = Math.max(this.highestRatio, score / points[at]!.score);
    return ranked.sort(bestFirst);
  }

  /** Judged by what was proposed: the ratio grows the more a chunk is shorter, or with a larger mean longer. */
  atMost(score: number): number {
    return score * this.highestRatio * (1 + roundingError);
  }

  private score({ payload }: Schemas['ScoredPoint']): number {
    const { length, frequencies } = payload as unknown as Pick<ChunkPayload, 'length' | 'frequencies'>;
    let score = 0;
    for (const [id, weight] of this.weights) {
      const times = frequencies[id];
      if (times !== undefined) score += weight * this.bm25.match(times, length);
    }
    return score;
  }
}
