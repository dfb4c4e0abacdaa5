import type { EmbeddingManifest } from '../catalogue/entry.ts';
import type { Provider } from '../runtime/session.ts';

export interface EmbedderStart {
  readonly file: string;
  /** What the file has to be when it is loaded: it may have been replaced since it was verified. */
  readonly sha256: string;
  /** Whether its attention runs as one operation: where the suite holds the graph to that. */
  readonly fuses: boolean;
  readonly providers: readonly Provider[];
  readonly manifest: Pick<EmbeddingManifest, 'dims' | 'pooling' | 'normalise'>;
  /** Tokens of a run of several texts, padding included; 0: one text a run. Default 0 on CPU, 16,384 on CUDA. */
  readonly paddedTokens?: Readonly<Record<Provider, number>> | undefined;
  /** Steps to give way to other processes by, 0 to 19: bulk work must not hold up queries or HTTP. */
  readonly niceness: number;
}

export interface EmbedderHello {
  readonly provider: Provider;
  /** Tokens of a run of several texts, padding included; 0: one text a run. */
  readonly runTokens: number;
  /** Resident memory of the process. */
  readonly bytes: number;
}

/** Several texts in one message. */
export interface EmbedderRequest {
  /** Token ids of all texts, one after the other. */
  readonly ids: Int32Array;
  /** Tokens of each text. */
  readonly lengths: readonly number[];
}

export interface EmbedderReply {
  /** One after the other. */
  readonly vectors: Float32Array;
  /** Resident memory of the process. */
  readonly bytes: number;
}
