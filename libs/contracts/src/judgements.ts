import { z } from 'zod';
import { documentId, tenantName } from './documents.ts';

/** A question of which somebody said what should be found: TREC's qrels, relevant or not. */
export const judgedQuestion = z.strictObject({
  tenant: tenantName.default('default'),
  query: z.string().min(1).max(2_000),
  /** Documents that answer it. */
  relevant: z.array(documentId).min(1).max(100),
});
export type JudgedQuestion = z.infer<typeof judgedQuestion>;

export const judgements = z.array(judgedQuestion).min(1).max(1_000);
