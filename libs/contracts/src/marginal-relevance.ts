import { z } from 'zod';

/** Results that say something new rather than the same again: maximal marginal relevance. */
export const mmr = z.strictObject({
  /** 0: the order of relevance alone. 1: after the best one, only how unlike the results before it each is. */
  diversity: z.number().min(0).max(1),
});
export type Mmr = z.infer<typeof mmr>;

/** Why a result was chosen next. `score = (1 - diversity) * relevance - diversity * similarity` was the highest left. */
export const marginalRelevance = z.object({
  diversity: z.number(),
  /** Place among the candidates by score alone; the best has 1. */
  place: z.int(),
  /** Scores of the best and the last of the candidates to choose from. */
  highest: z.number(),
  lowest: z.number(),
  /** `(score of the hit - lowest) / (highest - lowest)`; 1 where all have one score. */
  relevance: z.number(),
  /** The cosine with the nearest of the results before it; left out for the first, where it counts 0. */
  similarity: z.number().optional(),
  score: z.number(),
});
export type MarginalRelevance = z.infer<typeof marginalRelevance>;
