import { z } from 'zod';
import { judgements } from './judgements.ts';

const instant = z.iso.datetime();
/** Its name in the catalogue. */
const modelName = z.string().min(1).max(128);

/** What two models found, of the same questions and documents. */
export const modelComparison = z.object({
  /**
   * Sentences of documents, one of each, taken as questions: those that are a part of their chunk, asked by who may read the
   * document and 50 chunks at least.
   */
  sentences: z.int(),
  /** Share of them whose own document was among the first ten, by meaning alone: of the serving model, and of the next. */
  found_serving: z.number(),
  found_next: z.number(),
  /** Mean share of the first ten hits of a sentence that both have. */
  alike: z.number().optional(),
  /** Real questions of late, answered by both; what they asked is not kept. */
  questions: z.int(),
  /** Mean share of the first ten hits that both have; 1 where nothing was asked. */
  overlap: z.number(),
  /** Milliseconds of the median search, embedding the question included. */
  millis_serving: z.number(),
  millis_next: z.number(),
  /** Questions with judgements, and the mean nDCG@10 of the documents found for them, by who may read the answers. */
  judged: z.int().optional(),
  ndcg_serving: z.number().optional(),
  ndcg_next: z.number().optional(),
  /** The same by meaning alone: words that question and answer share help no model there. */
  ndcg_dense_serving: z.number().optional(),
  ndcg_dense_next: z.number().optional(),
  /** Mean share of their first ten hits by meaning alone that both have, of questions asked of 50 chunks at least. */
  judged_alike: z.number().optional(),
});
export type ModelComparison = z.infer<typeof modelComparison>;

/** The model that is to serve next, and how far it is. */
export const nextModel = z.object({
  model: modelName,
  /**
   * `filling`: documents get its vectors. `ready`: all have them, and new ones get them too. `unproven`: likewise, but nothing
   * speaks for it, and it waits for the word. `refused`: it finds less than the serving one, see `comparison`, or documents
   * lack its vectors, or its file is another than they were made by; it may be switched to nevertheless, or given up.
   */
  phase: z.enum(['filling', 'ready', 'unproven', 'refused']),
  /** Of `unproven` and `refused`. */
  why: z
    .enum(['too_little_to_ask', 'finds_other_things', 'finds_less', 'documents_missing', 'file_replaced'])
    .optional(),
  /** The model that served when that was found out: beside another one it says nothing. */
  against: modelName.optional(),
  started_at: instant,
  /** Waits for the word when it is ready, instead of switching by itself. */
  hold: z.boolean(),
  /** Passes over all documents that are done; the last finds nothing missing. */
  passes: z.int(),
  /** When this pass began. Without: when it was started. */
  pass_at: instant.optional(),
  /** The document that this pass is at. */
  at: z.object({ tenant: z.string(), document: z.string() }).optional(),
  /** Documents looked at in this pass, and how many of them lacked vectors. */
  looked_at: z.int(),
  missing: z.int(),
  /** Documents there were when it began. */
  documents: z.int(),
  /** Questions with judgements that the comparison will go by as well. */
  judged: z.int().optional(),
  /** Where they are kept; without: by the name of the model. */
  judged_as: z.string().optional(),
  comparison: modelComparison.optional(),
});
export type NextModel = z.infer<typeof nextModel>;

/** Where the vectors of a model lie, whether or not its files are there. */
export const modelIndex = z.object({
  /** Of the model as it was when the index was made: the vectors of another do not go into it. */
  fingerprint: z.string(),
  dims: z.int().positive(),
  collection: z.string(),
});
export type ModelIndex = z.infer<typeof modelIndex>;

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
   * Switches between the serving model and these that wait, or were `made` a moment ago: so long no version is called
   * `indexed` before it is in their indexes too. Each is over by itself at `until`; one that waits may be given up by whoever
   * made it.
   */
  switches: z
    .array(z.object({ with: modelName, until: instant, made: z.literal(true).optional() }))
    .optional(),
  /** By name, of its models; a plan of an older installation may know none. */
  indexes: z.record(modelName, modelIndex).optional(),
});
export type ModelPlan = z.infer<typeof modelPlan>;

/** Documents that are `indexed` and missing or older in its index: while there are any, it cannot serve. */
const behind = z.int().nonnegative();

/** The plan with what can be counted now. */
export const modelPlanStatus = modelPlan.omit({ indexes: true }).extend({
  next: nextModel
    .omit({ judged_as: true })
    .extend({
      behind,
      /** Of this pass, while it is `filling`. */
      progress: z
        .object({
          /** Documents that were looked at and have its vectors, and the others. */
          done: z.int().nonnegative(),
          left: z.int().nonnegative(),
          /** On average since the pass began. */
          per_second: z.number(),
          /** When the pass is over at that rate; absent before the first document is done. */
          done_at: instant.optional(),
        })
        .optional(),
    })
    .optional(),
  previous: modelPlan.shape.previous.unwrap().extend({ behind }).optional(),
  /** What `MILLRACE_MODELS_EMBEDDING` names, where another model serves. */
  setting: modelName.optional(),
});
export type ModelPlanStatus = z.infer<typeof modelPlanStatus>;

/** All whose vectors are kept up to date, the serving one first. */
export const activeModels = ({ serving, next, previous }: ModelPlan): string[] => [
  ...new Set([serving, ...(next ? [next.model] : []), ...(previous ? [previous.model] : [])]),
];

/** What to do where the setting names another model than the one that serves. */
export const settingServesNot = (setting: string, serving: string): string =>
  `MILLRACE_MODELS_EMBEDDING names ${setting}, but the documents have vectors of ${serving}, which goes on serving. ` +
  `To change it: millrace models switch --to ${setting}. To keep it, set MILLRACE_MODELS_EMBEDDING=${serving}.`;

/** Models that a switch is with that waits or was made a moment ago. */
export const switchingWith = ({ switches = [] }: ModelPlan, at: number): string[] =>
  switches.filter(({ until }) => at < Date.parse(until)).map((one) => one.with);

export const switchInput = z.strictObject({
  /** Catalogue name. */
  to: modelName,
  /** Wait for `POST /v1/admin/models/serve` when all is ready. Default: as was said before of this preparation, or not. */
  hold: z.boolean().optional(),
  /** Questions that both models are to be compared by. Kept until the model serves or is given up. */
  judgements: judgements.optional(),
});
export const serveInput = z.strictObject({
  /** The next model, or the previous one. */
  model: modelName,
  /** Although it was refused. */
  force: z.boolean().default(false),
});
