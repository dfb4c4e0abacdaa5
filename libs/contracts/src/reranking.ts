import { z } from 'zod';

/** Has the first hits put in order by a model that reads query and passage together. */
export const rerank = z.union([
  z.boolean(),
  z.strictObject({
    /** How many of the first hits it is given: each costs it time. */
    candidates: z.int().min(2).max(100).default(25),
    /** How many of them it moves to the front; those after them keep their order. All where nothing is said. */
    top_n: z.int().min(1).max(100).optional(),
  }),
]);
export type Rerank = z.infer<typeof rerank>;

/** `late`: the reranker did not answer in time, `failed`: it could not. Then hits are in the order they had before. */
export const rerankOutcome = z.enum(['done', 'late', 'failed']);
export type RerankOutcome = z.infer<typeof rerankOutcome>;

/** What became of a request to rerank. */
export const rerankReport = z.object({
  outcome: rerankOutcome,
  /** Hits that the reranker was given. */
  candidates: z.int(),
  /** How long it was waited for, in milliseconds. */
  millis: z.number(),
});
export type RerankReport = z.infer<typeof rerankReport>;

/** Where a reranker put a hit. */
export const rerankPlace = z.object({
  /** The reranker's own, on its own scale. */
  score: z.number(),
  /** Place by that score; the best has 1. */
  rank: z.int(),
  /** Place before; the best had 1. */
  place: z.int(),
});
