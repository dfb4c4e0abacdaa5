/**
 * A model that reads a query and a passage together and says how well the one answers the other. Rejects with
 * `reranker_unavailable` when it does not answer (in time), `reranker_error`, `queue_full` when it asks to come back later,
 * `reranker_refused` when it would never answer this request, `cancelled`.
 */
export interface Reranker {
  /** The one that is asked when a request names none; undefined where the reranker chooses. */
  readonly model: string | undefined;
  /** Best first, equal scores in the order of the passages; no passage twice, and at most `topN`. */
  rerank(request: RerankQuery, signal: AbortSignal): Promise<readonly PassageScore[]>;
}

export interface RerankQuery {
  readonly query: string;
  /** At least one. */
  readonly passages: readonly string[];
  /** Default: all. */
  readonly topN?: number | undefined;
  readonly model?: string | undefined;
}

export interface PassageScore {
  /** Of the passage, from 0. */
  readonly index: number;
  /** Higher is better; the scale is the model's. */
  readonly score: number;
}
