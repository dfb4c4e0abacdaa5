import type { MillraceError } from '@millrace/contracts';

import type { Lane } from './work-queue.ts';

/**
 * The embedding models of one server. Beside the default any number can be in use: each has lanes of its own, is loaded
 * when it is asked to embed, and is let go when memory or time says so, but never while it has work. Whatever is done,
 * no request is lost by it.
 */
export interface Embedders {
  /** What documents and questions use: always loaded. */
  readonly default: Embedder;
  /**
   * The one of that name, loaded or not: it stays good however often the model is loaded and let go. Rejects with
   * `model_not_found`, which names those there are, and `models_missing`, which says how to get it.
   */
  get(name: string): Promise<Embedder>;
  /**
   * These stay in memory from now on as far as there is room for them, and no others but the default: work for them comes
   * at any time. The first serves: it is loaded now, whatever room there is, for everything depends on it. The others are
   * loaded when they are first used.
   */
  hold(names: readonly string[]): void;
  /** How the one is doing that serves: the default until `hold` says otherwise. */
  health(): EmbedderHealth & Pick<EmbeddingModel, 'name'>;
  /** The default, and every other whose files are there. */
  list(): Promise<EmbedderState[]>;
  close(): Promise<void>;
}

/**
 * One embedding model, run outside the service's own process. Vectors have unit length; a text's vector does not
 * depend on what else is being embedded.
 */
export interface Embedder {
  /** By the file that is there; answers tell what their vectors are of. */
  readonly model: EmbeddingModel;
  /** Exact token counts, special tokens included. */
  countTokens(texts: readonly string[]): number[];
  /**
   * Rejects with `queue_full` (and retryAfter) when the waiting tokens exceed the limit or the group’s half of it, or when
   * other models at work leave no memory; with `model_too_large` when there is never enough; with `input_too_long`,
   * `invalid_request` (ids that the model does not know), `models_missing`, `cancelled`. Interactive work goes before bulk.
   */
  embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<Embedded>;
  health(): EmbedderHealth;
}

/**
 * A text, which the model's prefix for its kind is put before, or ids of the model's own tokenizer, which are run as they
 * are but for the special tokens at both ends, added where they are not.
 */
export type EmbedInput = string | readonly number[];

export interface EmbeddingModel {
  readonly name: string;
  readonly dims: number;
  /** The fewest dimensions that its vectors mean something with when they are cut; `dims` where it was not trained for that. */
  readonly minDims: number;
  /** Put before a text of each kind: what is embedded is both. */
  readonly prefixes: Readonly<Record<EmbedOptions['kind'], string>>;
  /** Longest input in tokens; longer ones are cut at the end when `truncate`, else refused. */
  readonly maxTokens: number;
  /** Changes whenever vectors may: file hashes, pooling, normalisation, prefixes, precision, CPU features. */
  readonly fingerprint: string;
}

export interface EmbedOptions {
  readonly kind: 'query' | 'passage';
  readonly lane: Lane;
  /** Whose texts: groups take turns in each lane, and none has more than half of what may wait. */
  readonly group?: string | undefined;
  readonly truncate?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Embedded {
  /** What the vectors are of. */
  readonly model: EmbeddingModel;
  readonly vectors: readonly Float32Array[];
  /** Tokens computed, special tokens included. */
  readonly tokens: number;
  /** Where the time went, as spans, histograms and headers show it. */
  readonly millis: {
    /** Until there was room for the model and its processes were being started; 0 when it was loaded. */
    readonly load: number;
    readonly tokenize: number;
    readonly queue: number;
    readonly inference: number;
  };
}

export interface EmbedderHealth {
  readonly ready: boolean;
  /** The execution provider that won the probe. */
  readonly provider: string;
  readonly workers: number;
  readonly waitingTokens: number;
  /** Why it is not ready, where that is known. */
  readonly fault?: MillraceError | undefined;
}

/** How one model is doing. Counts are since the start. */
export interface EmbedderState {
  readonly model: EmbeddingModel;
  readonly isDefault: boolean;
  /** Its processes run, or are being started. */
  readonly loaded: boolean;
  /** Those of its processes that are ready. */
  readonly workers: number;
  readonly waitingTokens: number;
  /** Resident memory of its processes, by what they said last. */
  readonly bytes: number;
  /** Requests to embed, whatever became of them. */
  readonly requests: number;
  readonly loads: number;
  /** Times it was let go, those for the sake of another included. */
  readonly unloads: number;
  /** Times it was let go for the sake of another. */
  readonly evictions: number;
  /** Processes that were replaced because they had grown, since it was loaded. */
  readonly recycles: number;
}
