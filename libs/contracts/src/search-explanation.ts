import { z } from 'zod';
import { fusionMethod } from './fusion.ts';
import { marginalRelevance } from './marginal-relevance.ts';
import { rerankPlace } from './reranking.ts';

/** What one side says of a hit. The last five are of a fusion: where one side alone was asked they are left out. */
const side = z.object({
  /** Place among the side's candidates; the best has 1. */
  rank: z.int(),
  /** The cosine with the query, or BM25. */
  score: z.number(),
  /** How many the side proposed. */
  candidates: z.int(),
  weight: z.number().optional(),
  /** DBSF: the mean of the candidates' scores, and their standard deviation as a sample's. */
  mean: z.number().optional(),
  deviation: z.number().optional(),
  /** DBSF: `0.5 + (score - mean) / (6 * deviation)`; 0.5 where there is no deviation. */
  normalised: z.number().optional(),
  /** What it adds to the fused score. DBSF: `weight * normalised`. RRF: `1 / (rank / weight + k - 1)`, 0 for a weight of 0. */
  part: z.number().optional(),
});

/** How the score of a hit came about: enough to work it out by hand. */
export const searchExplanation = z.object({
  /** Left out where one side alone was asked: its score is the hit's. */
  fusion: fusionMethod.optional(),
  /** RRF's constant. */
  k: z.number().optional(),
  dense: side.optional(),
  sparse: side.optional(),
  /** The sides that were asked and do not have the hit among their candidates: they add nothing. */
  absent: z.array(z.enum(['dense', 'sparse'])),
  /** The sum of the parts. */
  fused: z.number().optional(),
  /** Where `mmr` decided the order: the score is still that of the ranking before it. */
  mmr: marginalRelevance.optional(),
  /** Where a reranker decided the order, likewise; left out beyond its `top_n`. */
  rerank: rerankPlace.optional(),
});
export type SearchExplanation = z.infer<typeof searchExplanation>;
export type SideExplanation = z.infer<typeof side>;
