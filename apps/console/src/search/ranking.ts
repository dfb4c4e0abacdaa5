import type { Input } from '../api/client.ts';

type SearchInput = NonNullable<Input<'search'>['body']>;
export type Mode = NonNullable<SearchInput['mode']>;
export type Fusion = NonNullable<SearchInput['fusion']>;

/** How results are found and put in order. */
export interface Ranking {
  readonly mode: Mode;
  readonly fusion: Fusion;
  /** How much meaning counts, and how much words do. */
  readonly dense: number;
  readonly sparse: number;
  /** From 0, the order of scores, to 1. */
  readonly diversity: number;
  readonly neighbours: number;
  /** Whether it is asked again, for what was found first as well. */
  readonly feedback: boolean;
  readonly explain: boolean;
}

export const plainRanking: Ranking = {
  ...{ mode: 'hybrid', fusion: 'dbsf', dense: 1, sparse: 1 },
  ...{ diversity: 0, neighbours: 0, feedback: false, explain: false },
};

const topK = 20;

/** The request, with no more in it than was asked for. */
export function searchBody(query: string, ranking: Ranking): SearchInput {
  const { mode, fusion, dense, sparse, diversity, neighbours, feedback, explain } = ranking;
  const isWeighed = mode === 'hybrid' && (dense !== 1 || sparse !== 1);
  return {
    ...{ query, mode, top_k: topK },
    ...(fusion !== plainRanking.fusion && { fusion }),
    ...(isWeighed && { weights: { dense, sparse } }),
    ...(diversity > 0 && { mmr: { diversity } }),
    ...(neighbours > 0 && { neighbours }),
    ...(feedback && mode !== 'sparse' && { feedback }),
    ...(explain && { explain }),
  };
}
