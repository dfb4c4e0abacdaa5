import { z } from 'zod';
import { judgements } from './judgements.ts';

const instant = z.iso.datetime();
/** Its name in the catalogue. */
const modelName = z.string().min(1).max(128);

/** What two models found, of the same questions and documents. */
export const modelComparison = z.object({
  /** Sentences of documents, taken as questions. */
  sentences: z.int(),
  /** Share of them whose own document was among the first ten, by meaning alone: of the serving model, and of the next. */
  found_serving: z.number(),
  found_next: z.number(),
  /** Real questions of late, answered by both; what they asked is not kept. */
  questions: z.int(),
  /** Mean share of the first ten hits that both have; 1 where nothing was asked. */
  overlap: z.number(),
  /** Milliseconds of the median search, embedding the question included. */
  millis_serving: z.number(),
  millis_next: z.number(),
  /** Questions with judgements, and the mean nDCG@10 of the documents found for them, as anybody would search. */
  judged: z.int().optional(),
  ndcg_serving: z.number().optional(),
  ndcg_next: z.number().optional(),
});
export type ModelComparison = z.infer<typeof modelComparison>;

/** The model that is to serve next, and how far it is. */
export const nextModel = z.object({
  model: modelName,
  /**
   * `filling`: documents get its vectors. `ready`: all have them, and new ones get them too. `refused`: it finds less than
   * the serving one, see `comparison`; it may be switched to nevertheless, or given up.
   */
  phase: z.enum(['filling', 'ready', 'refused']),
  started_at: instant,
  /** Waits for the word when it is ready, instead of switching by itself. */
  hold: z.boolean(),
  /** Passes over all documents that are done; the last finds nothing missing. */
  passes: z.int(),
  /** The document that this pass is at. */
  at: z.object({ tenant: z.string(), document: z.string() }).optional(),
  /** Documents looked at in this pass, and how many of them lacked vectors. */
  looked_at: z.int(),
  missing: z.int(),
  /** Documents there were when it began. */
  documents: z.int(),
  /** Questions with judgements that the comparison will go by as well. */
  judged: z.int().optional(),
  comparison: modelComparison.optional(),
});
export type NextModel = z.infer<typeof nextModel>;

/** Which embedding models the documents can be searched by: one record for all tenants. */
export const modelPlan = z.object({
  /** Questions are asked by it, and documents are embedded by it first. */
  serving: modelName,
  next: nextModel.optional(),
  /** Served before, and is kept up to date until then, to switch back to. */
  previous: z
    .object({
      model: modelName,
      until: instant,
      /** As it was when the other took its place; absent after a way back. */
      comparison: modelComparison.optional(),
    })
    .optional(),
  /**
   * A switch between the serving model and this one waits, or was made a moment ago: so long no version is called `indexed`
   * before it is in both indexes. Over by itself at `until`.
   */
  switching: z.object({ with: modelName, until: instant }).optional(),
});
export type ModelPlan = z.infer<typeof modelPlan>;

/** All whose vectors are kept up to date, the serving one first. */
export const activeModels = ({ serving, next, previous }: ModelPlan): string[] => [
  ...new Set([serving, ...(next ? [next.model] : []), ...(previous ? [previous.model] : [])]),
];

export const switchInput = z.strictObject({
  /** Catalogue name. */
  to: modelName,
  /** Wait for `POST /v1/admin/models/serve` when all is ready. */
  hold: z.boolean().default(false),
  /** Questions that both models are to be compared by. Kept until the model serves or is given up. */
  judgements: judgements.optional(),
});
export const serveInput = z.strictObject({
  /** The next model, or the previous one. */
  model: modelName,
  /** Although it was refused. */
  force: z.boolean().default(false),
});
