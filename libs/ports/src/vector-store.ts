import type {
  Chunk,
  DocumentVersion,
  Filter,
  FusionMethod,
  FusionWeights,
  Metadata,
  Mmr,
  SearchExplanation,
} from '@millrace/contracts';

/**
 * Chunks with a dense vector and their terms, searchable by either or by both fused.
 *
 * Promises: a staged version is invisible until `publish`, which makes it visible whole and takes every older one
 * away in the same instant: a search sees one version of a document or the next, never both, never neither.
 * Stage, publish and remove may be repeated and may arrive late: an older version never replaces a newer one,
 * and nothing at or below a tombstone comes back. What a call acknowledged survives `kill -9`.
 * Every search is confined to one tenant and to what the caller's access list admits.
 * Only `ensureCollection` makes a collection: every other call but `drop` rejects with `index_missing` where there is none.
 */
export interface VectorStore {
  readonly limits: {
    /** Chunks per `stage` call. */
    readonly maxBatch: number;
    readonly maxDims: number;
    readonly maxTopK: number;
  };

  ensureCollection(collection: CollectionSpec): Promise<void>;

  /**
   * Takes a whole collection away: its chunks, seen or staged, its tombstones and statistics. From the first moment on
   * calls on it reject, as for one that never was; the promise resolves once everything in it is gone. Idempotent: one
   * that is not there is gone already, and what an earlier call, cut short, left of it goes now. Calls on other
   * collections are not held up.
   *
   * One that is made anew under the name owes nothing to the old one, its dimensions included, and every instance meets
   * the new one at once. What Qdrant cannot do: where another instance dropped it, scores by `terms` may go by the old
   * one's statistics for some seconds (`statisticsMs`), and a write that is still under way may reach the new one: it is to
   * be made once they have ended.
   */
  drop(collection: string): Promise<void>;

  /** Writes chunks of a version, unseen. Same chunk id again: replaced. Needed before `publish`. */
  stage(collection: string, version: DocumentVersion, chunks: readonly StoredChunk[]): Promise<void>;

  /**
   * Makes a version visible. `superseded` when this or a newer version, or a tombstone at or above it, is already
   * there (publishing the live version again is `published`). Rejects with `internal` when fewer than `chunks`
   * of the version were staged.
   */
  publish(collection: string, version: DocumentVersion, chunks: number): Promise<Publication>;

  /** Removes all versions up to and with this one and leaves a tombstone. Idempotent. */
  remove(collection: string, version: DocumentVersion): Promise<{ readonly removed: number }>;

  search(collection: string, query: VectorQuery): Promise<SearchHit[]>;

  /** Visible chunks of a document's live version, by ordinal, from `from` to `to` inclusive. */
  range(
    collection: string,
    document: Pick<DocumentVersion, 'tenant' | 'document'>,
    from: number,
    to: number,
  ): Promise<SearchHit[]>;

  /** Visible chunks of the tenant. */
  count(collection: string, tenant: string): Promise<number>;

  /** The live version of each of the tenant's documents with its visible chunks, in pages; for audits and tests. */
  audit(collection: string, tenant: string, after?: string, limit?: number): Promise<AuditRow[]>;

  healthy(): Promise<boolean>;

  close(): Promise<void>;
}

/** One collection per embedding model; the similarity is cosine. */
export interface CollectionSpec {
  readonly name: string;
  readonly dims: number;
}

export interface StoredChunk extends Chunk {
  /** Unit length, `dims` long. */
  readonly vector: Float32Array;
  /** Analysed terms (lower case, stop words out, stemmed) in text order, for BM25. */
  readonly terms: readonly string[];
  readonly title?: string | undefined;
  readonly metadata: Metadata;
  /** Empty: visible to the whole tenant. */
  readonly acl: readonly string[];
}

export interface Publication {
  readonly outcome: 'published' | 'superseded';
  /** Chunks of older versions that went. */
  readonly removed: number;
}

export interface VectorQuery {
  readonly tenant: string;
  /** Entries the caller may see: a chunk with a non-empty list must share one. */
  readonly access: readonly string[];
  readonly filter?: Filter | undefined;
  /** Dense, sparse, or both: then fused. */
  readonly vector?: Float32Array | undefined;
  /**
   * Analysed query terms; BM25 with k1 1.2, b 0.75, and the number of chunks, the document frequencies and the mean
   * length counted over the tenant's own visible chunks, whoever may see them. What Qdrant cannot do: it keeps no mean
   * length, and frequencies of one tenant only since 1.19, so its adapter counts both by requests, keeps
   * them for some seconds (`statisticsMs`) where another instance writes, counts staged chunks until they are published
   * or taken away, tells terms apart by 32 bits, and could miss a chunk far shorter than all that Qdrant proposes.
   */
  readonly terms?: readonly string[] | undefined;
  /** Qdrant's formulas: DBSF normalises by mean ± 3 standard deviations; RRF is `1 / (2 + rank)`, rank from 0. */
  readonly fusion: FusionMethod;
  /** How much each side counts, by Qdrant's formulas as well; default 1 each. */
  readonly weights?: FusionWeights | undefined;
  /** Hits are chosen from the best `candidates` by `byMarginalRelevance`, and keep their scores; see there. */
  readonly mmr?: Mmr | undefined;
  /**
   * Each hit brings so many chunks `around` it on either side, of the same version and seen in the same instant, and only
   * those that the access list admits; the filter is for hits alone.
   */
  readonly neighbours?: number | undefined;
  /** Each hit says how its score came about. */
  readonly explain?: boolean | undefined;
  readonly limit: number;
  /** Each hit brings its `vector`. */
  readonly vectors?: boolean | undefined;
  /** Candidates taken from each side before fusion, and to choose from by `mmr`; default `max(limit * 4, 100)`. */
  readonly candidates?: number | undefined;
}

/** Best first, equal scores in the order of chunk ids, where `mmr` does not say otherwise. */
export interface SearchHit extends Chunk {
  readonly document: string;
  readonly version: number;
  readonly score: number;
  readonly title?: string | undefined;
  readonly metadata: Metadata;
  /** Where the query asks for `neighbours`: by ordinal, without the hit itself. */
  readonly around?: readonly Chunk[];
  /** Where the query asks for `vectors`: the chunk's; its direction is what counts, for a store may keep it at unit length. */
  readonly vector?: Float32Array;
  /** Where the query asks to `explain`. */
  readonly explanation?: SearchExplanation;
}

export interface AuditRow {
  readonly document: string;
  /** The versions that have visible chunks: more than one would be a broken promise. */
  readonly versions: readonly number[];
  readonly chunkIds: readonly string[];
}
