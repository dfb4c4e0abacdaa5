import { join } from 'node:path';
import { embeddingModel, OnnxEmbedder } from '@millrace/adapters/onnx';
import { modelsDir } from '../bench/index-access.ts';
import { vectorModel } from './train.ts';

const workersDir = new URL('../../workers/', import.meta.url);
const atOnce = 8;

/** As serving asks for them: of longer texts the beginning. */
export async function vectorsOf(texts: readonly string[]): Promise<Float32Array[]> {
  const entry = embeddingModel(vectorModel);
  const modelDir = join(modelsDir, entry.name);
  const embedder = await OnnxEmbedder.open({ entry, modelDir, workersDir, workers: 1, queryWorker: false });
  try {
    const vectors: Float32Array[] = [];
    for (let at = 0; at < texts.length; at += atOnce) {
      const some = texts.slice(at, at + atOnce);
      const embedded = await embedder.embed(some, { kind: 'passage', lane: 'bulk', truncate: true });
      vectors.push(...embedded.vectors);
    }
    return vectors;
  } finally {
    await embedder.close();
  }
}
