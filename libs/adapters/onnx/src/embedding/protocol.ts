import type { EmbeddingManifest } from '../catalogue/entry.ts';
import type { Provider } from '../runtime/session.ts';

export interface EmbedderStart {
  readonly file: string;
  /** Whether its attention runs as one operation: where the suite holds the graph to that. */
  readonly fuses: boolean;
  readonly providers: readonly Provider[];
  readonly manifest: Pick<EmbeddingManifest, 'dims' | 'pooling' | 'normalise'>;
  /** Steps to give way to other processes by, 0 to 19: bulk work must not hold up queries or HTTP. */
  readonly niceness: number;
}

export interface EmbedderHello {
  readonly provider: Provider;
  /** Resident memory of the process. */
  readonly bytes: number;
}

/** Several texts in one message; each is still a run of its own. */
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
