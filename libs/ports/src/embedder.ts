import type { MillraceError } from '@millrace/contracts';

import type { Lane } from './work-queue.ts';

/**
 * One embedding model, run outside the service's own process. Vectors have unit length; a text's vector does not
 * depend on what else is being embedded.
 */
export interface Embedder {
  readonly model: EmbeddingModel;
  /** Exact token counts, special tokens included. */
  countTokens(texts: readonly string[]): number[];
  /**
   * Rejects with `queue_full` (and retryAfter) when the waiting tokens exceed the limit or the group’s half of it,
   * `input_too_long`, `models_missing`, `cancelled`. Interactive work goes before bulk.
   */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded>;
  health(): EmbedderHealth;
  close(): Promise<void>;
}

export interface EmbeddingModel {
  readonly name: string;
  readonly dims: number;
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
  readonly vectors: readonly Float32Array[];
  /** Tokens computed, special tokens included. */
  readonly tokens: number;
  /** Where the time went, as spans, histograms and headers show it. */
  readonly millis: { readonly tokenize: number; readonly queue: number; readonly inference: number };
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
