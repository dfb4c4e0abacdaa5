import { join, resolve } from 'node:path';
import { embeddingModel, OnnxEmbedder } from '@millrace/adapters/onnx';
import { SqliteVectorStore } from '@millrace/adapters/sqlite';
import { collectionOf } from '@millrace/contracts';
import { embeddingText, loadTokenizer } from '@millrace/text';

const workers = new URL('../../workers/', import.meta.url);

export const modelsDir = process.env['MILLRACE_MODELS_DIR'] ?? resolve('.millrace/models');

/** The default embedding model: its file, and the collection that its vectors go to. */
export async function defaultModel(): Promise<{ file: string; collection: string; dims: number }> {
  const entry = embeddingModel('all-minilm-l6-v2');
  const modelDir = join(modelsDir, entry.name);
  const embedder = await OnnxEmbedder.open({
    entry,
    modelDir,
    workersDir: workers,
    workers: 1,
    queryWorker: false,
  });
  const { fingerprint, dims } = embedder.model;
  await embedder.close();
  return { file: join(modelDir, 'model.onnx'), collection: collectionOf(fingerprint), dims };
}

/** The index of a data folder. */
export const openIndex = (dataDir: string): Promise<SqliteVectorStore> =>
  SqliteVectorStore.open({ entry: new URL('sqlite.js', workers), file: join(dataDir, 'vectors.sqlite') });

/** The token ids that the product embedded under load, read back from its index. */
export async function indexedSequences(
  dataDir: string,
  collection: string,
  prefix: string,
): Promise<Int32Array[]> {
  const tokenizer = await loadTokenizer();
  const store = await openIndex(dataDir);
  const sequences: Int32Array[] = [];
  for (let page = await store.audit(collection, 'default'); page.length > 0;) {
    for (const { document } of page.filter((row) => row.document.startsWith(prefix)))
      for (const hit of await store.range(collection, { tenant: 'default', document }, 0, 10_000))
        sequences.push(Int32Array.from(tokenizer.encode(embeddingText(hit))));
    page = await store.audit(collection, 'default', page.at(-1)?.document);
  }
  await store.close();
  return sequences;
}
