export * from './catalogue/entry.ts';
export * from './catalogue/entries.ts';
export { ownModels } from './catalogue/own-models.ts';
export * from './catalogue/pull/model-fetcher.ts';
export { verifyModel, type Verified } from './catalogue/verify.ts';
export { withFusedAttention } from './graph/fuse-attention.ts';
export { OnnxEmbedder, type OnnxEmbedderOptions } from './embedding/onnx-embedder.ts';
export { OnnxEmbedders, type OnnxEmbeddersOptions } from './embedding/onnx-embedders.ts';
export { OnnxTranscriber, type OnnxTranscriberOptions } from './transcription/onnx-transcriber.ts';
