import { z } from 'zod';
import { depth } from './search.ts';

/** The one store there is: the tenant's documents, as far as the caller may read them. */
export const documentStore = 'documents';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const comparison = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['eq', 'ne']), key: z.string().min(1), value: scalar }),
  z.strictObject({
    type: z.enum(['gt', 'gte', 'lt', 'lte']),
    key: z.string().min(1),
    value: z.union([z.number(), z.string()]),
  }),
  z.strictObject({
    type: z.enum(['in', 'nin']),
    key: z.string().min(1),
    value: z.array(scalar).min(1).max(256),
  }),
]);

/** OpenAI's filter of files, by the metadata of documents. */
export type FileSearchFilter =
  z.infer<typeof comparison> | { type: 'and' | 'or'; filters: FileSearchFilter[] };

/** The shape of a filter, without the bound on its depth: what the API's description shows. */
export const fileSearchFilterNode: z.ZodType<FileSearchFilter> = z.lazy(() =>
  z.discriminatedUnion('type', [
    comparison,
    z.strictObject({ type: z.enum(['and', 'or']), filters: z.array(fileSearchFilterNode).min(1).max(32) }),
  ]),
);

const maxDepth = 18;
const fileSearchFilter = z
  .unknown()
  .refine((value) => depth(value, maxDepth + 1) <= maxDepth, {
    ...{ error: 'filters nest up to 8 deep', abort: true },
  })
  .pipe(fileSearchFilterNode);

const weight = z.number().min(0).max(100);

/** Looks passages up in the documents before the model is asked, for every question. */
export const fileSearchTool = z.strictObject({
  type: z.literal('file_search'),
  /** `["documents"]`, or left out. */
  vector_store_ids: z
    .array(z.literal(documentStore, `must be "${documentStore}": each tenant has the one store`))
    .max(1)
    .optional(),
  /** How many passages are given to the model. */
  max_num_results: z.int().min(1).max(50).nullish(),
  filters: fileSearchFilter.nullish(),
  ranking_options: z
    .strictObject({
      ranker: z
        .enum(
          ['auto', 'none'],
          'must be auto or none: a reranker is asked for by millrace.retrieval.rerank of chats',
        )
        .nullish(),
      score_threshold: z
        .literal(0, 'cannot be kept to: scores are of this index and no shares of one')
        .nullish(),
      /** How much meaning and words count. */
      hybrid_search: z.strictObject({ embedding_weight: weight, text_weight: weight }).nullish(),
    })
    .nullish(),
});
export type FileSearchTool = z.infer<typeof fileSearchTool>;

/** For the caller to run; passed on to the language model. */
export const functionTool = z.strictObject({
  type: z.literal('function'),
  name: z.string().min(1).max(128),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});
export type FunctionTool = z.infer<typeof functionTool>;

export const responseTool = z.discriminatedUnion(
  'type',
  [functionTool, fileSearchTool],
  'must be function or file_search: there are no other tools here',
);

export const responseToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.strictObject({
    type: z.literal('function', 'must be function or file_search'),
    name: z.string().min(1).max(128),
  }),
  z.strictObject({ type: z.literal('file_search', 'must be function or file_search') }),
]);
