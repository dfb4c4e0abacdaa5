import type { DocumentVersion } from '@millrace/contracts';
import type { StoredChunk } from '@millrace/ports';
import { QdrantClient } from '@qdrant/js-client-rest';
import { v5 } from 'uuid';
import { QdrantVectorStore } from '../qdrant-vector-store.ts';

/**
 * Measures how fast chunks are staged, published and found. Arguments: address of Qdrant, chunks (10,000), searches of
 * each kind (300). The README says how to run it.
 */
const [url = '', total = '10000', searches = '300'] = process.argv.slice(2);
const dims = 384;
const chunksEach = 100;
const termsEach = 60;
const vocabulary = 20_000;
const prefix = `speed-${Date.now()}-`;
const collection = 'model';
const tenant = 'acme';
const namespace = 'f1b7a4de-54a5-4c56-8f0e-3f8a2f9f7c11';

const store = new QdrantVectorStore({ url, prefix });
await store.ensureCollection({ name: collection, dims });
await fill();
await measure('dense', () => ({ vector: randomUnit() }));
await measure('terms', () => ({ terms: randomTerms(6) }));
await measure('hybrid', () => ({ vector: randomUnit(), terms: randomTerms(6) }));
await store.close();
await new QdrantClient({ url, port: null, checkCompatibility: false }).deleteCollection(prefix + collection);

async function fill(): Promise<void> {
  let [staging, publishing] = [0, 0];
  for (let at = 0; at < Number(total) / chunksEach; at++) {
    const version = { tenant, document: `document-${at}`, version: 1 };
    const chunks = Array.from({ length: chunksEach }, (_, ordinal) => chunkOf(version, ordinal));
    const began = performance.now();
    await store.stage(collection, version, chunks);
    const staged = performance.now();
    await store.publish(collection, version, chunksEach);
    staging += staged - began;
    publishing += performance.now() - staged;
  }
  const documents = Number(total) / chunksEach;
  console.log(`staged ${Math.round(Number(total) / (staging / 1000))} chunks/s, one caller`);
  console.log(`published in ${(publishing / documents).toFixed(1)} ms a document of ${chunksEach} chunks`);
}

async function measure(
  name: string,
  query: () => { vector?: Float32Array; terms?: string[] },
): Promise<void> {
  const took: number[] = [];
  for (let search = 0; search < Number(searches); search++) {
    const asked = { tenant, access: [], fusion: 'dbsf', limit: 10, ...query() } as const;
    const began = performance.now();
    await store.search(collection, asked);
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  const at = (share: number): string => took[Math.floor(took.length * share)]!.toFixed(1);
  console.log(
    `${name.padEnd(7)} p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms over ${total} chunks`,
  );
}

function chunkOf(version: DocumentVersion, ordinal: number): StoredChunk {
  const terms = randomTerms(termsEach);
  return {
    ...{ ordinal, text: terms.join(' '), start: 0, end: 500, tokens: 120, headings: [], acl: [] },
    ...{ id: v5(`${version.document}#${ordinal}`, namespace), vector: randomUnit(), terms },
    metadata: { team: 'search', year: 2000 + (ordinal % 25) },
  };
}

/** The commonest in a tenth of all places, as in English without stop words, more or less. */
function randomTerms(count: number): string[] {
  return Array.from({ length: count }, () => `term${Math.floor(vocabulary ** Math.random())}`);
}

function randomUnit(): Float32Array {
  const vector = Float32Array.from({ length: dims }, () => Math.random() + Math.random() - 1);
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}
