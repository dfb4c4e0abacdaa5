import { bestFirst } from '@millrace/ports';
import type { Schemas } from '@qdrant/js-client-rest';
import type { Condition } from '../filter/conditions.ts';
import { vectorNames } from '../points/chunk-point.ts';
import { candidateFields, candidateOf, type Candidate, type Ranking } from './ranking.ts';

/** More than wanted, in case some are hidden, or equal to the last. */
const spare = 16;

/** By cosine, as Qdrant scores. */
export class DenseRanking implements Ranking {
  constructor(private readonly vector: Float32Array) {}

  firstAsk(wanted: number): number {
    return wanted + spare;
  }

  request(must: readonly Condition[], limit: number): Schemas['QueryRequest'] {
    return {
      ...{ query: [...this.vector], using: vectorNames.dense, filter: { must: [...must] }, limit },
      with_payload: [...candidateFields],
    };
  }

  rank(points: readonly Schemas['ScoredPoint'][]): Candidate[] {
    return points.map((point) => candidateOf(point, point.score)).sort(bestFirst);
  }

  atMost(score: number): number {
    return score;
  }
}
