import { z } from 'zod';
import { documentId, metadata } from './documents.ts';
import { feedback, feedbackIsOfUse, feedbackOfNoUse } from './feedback.ts';
import { fusionMethod, fusionWeights, searchMode, weightsAreOfUse, weightsOfNoUse } from './fusion.ts';
import { mmr } from './marginal-relevance.ts';
import { neighbours } from './neighbours.ts';
import { rerank, rerankReport } from './reranking.ts';
import { searchExplanation } from './search-explanation.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const condition = z.union([
  scalar,
  z
    .strictObject({
      any: z.array(scalar).min(1).max(256).optional(),
      all: z.array(scalar).min(1).max(64).optional(),
      gte: z.union([z.number(), z.string()]).optional(),
      lte: z.union([z.number(), z.string()]).optional(),
      gt: z.union([z.number(), z.string()]).optional(),
      lt: z.union([z.number(), z.string()]).optional(),
      exists: z.boolean().optional(),
    })
    .refine(
      (value) => Object.keys(value).length > 0,
      'name at least one of any, all, gte, lte, gt, lt, exists',
    ),
]);
export type FilterCondition = z.infer<typeof condition>;

/**
 * Metadata filter: `{"team": "search", "year": {"gte": 2020}, "tag": {"any": ["a", "b"]}}`; all keys must hold.
 * `$and`, `$or` (lists of filters) and `$not` (a filter) nest up to 8 deep. A list value matches when one of
 * its items does; with `all` it must have each of those named: `{"tag": {"all": ["a", "b"]}}`. `id` names the
 * document id. A filter has 64 keys at most, all that are nested 256 together.
 */
export type Filter = {
  $and?: Filter[] | undefined;
  $or?: Filter[] | undefined;
  $not?: Filter | undefined;
} & { [key: string]: FilterCondition | Filter | Filter[] | undefined };

const maxDepth = 18;
/** As many as metadata have. */
const maxKeys = 64;
/** More would be deeper than SQLite follows an expression. */
const maxConditions = 256;

/** Counts no further than is allowed. */
export const depth = (value: unknown, left = maxDepth + 1): number =>
  typeof value === 'object' && value !== null && left > 0
    ? 1 + Object.values(value).reduce<number>((most, inner) => Math.max(most, depth(inner, left - 1)), 0)
    : 0;

/** The filter and those nested in it. */
function filtersIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const filter = value as Record<string, unknown>;
  return [filter, ...[filter['$and'], filter['$or'], filter['$not']].flat().flatMap(filtersIn)];
}

const keysIn = (filter: object): number => Object.keys(filter).length;

/** The shape of a filter, without the bound on its depth: what the API's description shows. */
export const filterNode: z.ZodType<Filter> = z.lazy(() =>
  z
    .object({
      $and: z.array(filterNode).min(1).max(32).optional(),
      $or: z.array(filterNode).min(1).max(32).optional(),
      $not: filterNode.optional(),
    })
    .catchall(condition),
);

export const filter = z
  .unknown()
  .refine((value) => depth(value) <= maxDepth, { error: 'filters nest up to 8 deep', abort: true })
  .refine((value) => filtersIn(value).every((each) => keysIn(each) <= maxKeys), {
    ...{ error: `a filter has at most ${maxKeys} keys`, abort: true },
  })
  .refine((value) => filtersIn(value).reduce((sum, each) => sum + keysIn(each), 0) <= maxConditions, {
    ...{ error: `a filter has at most ${maxConditions} conditions, nested ones included`, abort: true },
  })
  .pipe(filterNode);

/** Something that can be seen: neither white space nor what stands for nothing (Unicode's category C). */
export const visible = /[^\s\p{C}]/u;

export const searchQuery = z.string().max(8192).regex(visible, 'there is nothing to search for');

export const searchRequest = z
  .strictObject({
    query: searchQuery,
    top_k: z.int().min(1).max(100).default(10),
    /** By meaning (dense), by words (sparse), or by both, fused. */
    mode: searchMode.default('hybrid'),
    /** By where the scores of each side lie in their distribution (DBSF), or by ranks (RRF, k = 2): Qdrant's formulas. */
    fusion: fusionMethod.default('dbsf'),
    /** How much meaning and words count in the fusion of a hybrid search, 0 to 100 each; 1 where nothing is said. */
    weights: fusionWeights.optional(),
    /**
     * Searches twice: the second time the question's vector has moved towards those of the best results of the first, so that
     * what is meant alike is found in other words too. `true` is 3 results and a weight of 0.3.
     */
    feedback: feedback.optional(),
    /**
     * Maximal marginal relevance among the best `max(4 * top_k, 100)` candidates: a `diversity` of 0 leaves them in the
     * order of their scores, 1 takes after the best one what is most unlike those before it. Scores stay what they are.
     */
    mmr: mmr.optional(),
    /**
     * The first results in the order of the reranker that is set up here, or as they were where it does not answer in time.
     * It reads title, headings and text of each. Scores stay what they are.
     */
    rerank: rerank.optional(),
    /**
     * So many chunks before and after each result in its document become part of its text, and `start` and `end` go with
     * it: as far as the asker may see them, and no words were left out between them.
     */
    neighbours: neighbours.optional(),
    /** Each result says how its score came about. */
    explain: z.boolean().optional(),
    /** By metadata: `{"team": "ops", "year": {"gte": 2024}, "tag": {"all": ["a", "b"]}}`; see `Filter` in openapi.json. */
    filter: filter.optional(),
  })
  .refine(weightsAreOfUse, weightsOfNoUse)
  .refine(feedbackIsOfUse, feedbackOfNoUse);
export type SearchRequest = z.infer<typeof searchRequest>;

export const searchResult = z.object({
  document_id: documentId,
  version: z.int(),
  chunk_id: z.uuid(),
  score: z.number(),
  title: z.string().optional(),
  text: z.string(),
  /** Offsets in the document's extracted text, in UTF-16 units, end exclusive. */
  start: z.int(),
  end: z.int(),
  headings: z.array(z.string()),
  page: z.int().optional(),
  metadata,
  /** When asked for by `explain`. */
  explanation: searchExplanation.optional(),
});
export type SearchResult = z.infer<typeof searchResult>;

export const searchResponse = z.object({
  results: z.array(searchResult),
  /** When asked for by `rerank`. */
  rerank: rerankReport.optional(),
});
export type SearchResponse = z.infer<typeof searchResponse>;
