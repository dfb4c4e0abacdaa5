import { randomNumbers } from '@millrace/testing';
import type { StoredChunk } from '@millrace/ports';
import { analyseTerms } from '@millrace/text';
import { v5 as uuid } from 'uuid';
import { Client } from '../client.ts';
import { defaultModel, openIndex } from '../index-access.ts';
import { withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { percentiles } from '../statistics.ts';
import { words } from '../synthetic-text.ts';

const chunksPerDocument = 100;
const wordsPerChunk = 60;
const namespace = 'f1b7a4de-54a5-4c56-8f0e-3f8a2f9f7c11';

export const search: Measurement = {
  name: 'search',
  summary: 'latency of searches over 10,000 and 100,000 chunks through the HTTP API (quick: 10,000)',
  run: async (context) => {
    const cases: Case[] = [];
    for (const chunks of context.quick ? [10_000] : [10_000, 100_000])
      cases.push(
        ...(await withServer({ prepare: (dataDir) => fill(dataDir, chunks, context) }, ({ url }) =>
          searchAll(chunks, new Client(url, context.signal), context),
        )),
      );
    return cases;
  },
};

/** Puts synthetic chunks with random vectors straight into the index: what a search costs does not depend on meaning. */
async function fill(dataDir: string, chunks: number, { note, signal }: BenchContext): Promise<void> {
  const { collection, dims } = await defaultModel();
  const store = await openIndex(dataDir);
  const random = randomNumbers(chunks);
  note(`filling the index with ${chunks} chunks`);
  await store.ensureCollection({ name: collection, dims });
  for (let document = 0; document < chunks / chunksPerDocument; document++) {
    signal.throwIfAborted();
    const version = { tenant: 'default', document: `document-${document}`, version: 1 };
    const staged = Array.from({ length: chunksPerDocument }, (_, i) =>
      chunk(version.document, i, dims, random),
    );
    await store.stage(collection, version, staged);
    await store.publish(collection, version, staged.length);
  }
  await store.close();
}

function chunk(document: string, ordinal: number, dims: number, random: () => number): StoredChunk {
  const text = words(wordsPerChunk, random).join(' ');
  return {
    id: uuid(`${document}#${ordinal}`, namespace),
    ordinal,
    text,
    start: ordinal * 1000,
    end: ordinal * 1000 + text.length,
    tokens: wordsPerChunk * 3,
    headings: [],
    metadata: {},
    acl: [],
    vector: unitVector(dims, random),
    terms: analyseTerms(text),
  };
}

function unitVector(dims: number, random: () => number): Float32Array {
  const vector = Float32Array.from({ length: dims }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

type Mode = 'hybrid' | 'dense' | 'sparse';

async function searchAll(chunks: number, client: Client, { quick, note }: BenchContext): Promise<Case[]> {
  const cases: Case[] = [];
  for (const mode of ['hybrid', 'dense', 'sparse'] satisfies Mode[]) {
    note(`${chunks} chunks, ${mode}`);
    const spread = percentiles(await timeSearches(client, mode, quick ? 100 : 500));
    cases.push(withoutGoal({ case: `${chunks} chunks, ${mode}`, value: spread.p50, unit: 'ms', ...spread }));
  }
  return cases;
}

/** One after another, each query a new one: the vector of a known query would come from the cache. */
async function timeSearches(client: Client, mode: Mode, count: number): Promise<number[]> {
  const warmUp = 10;
  const random = randomNumbers(count + mode.length);
  const times: number[] = [];
  for (let i = 0; i < count + warmUp; i++) {
    const query = words(3 + Math.floor(random() * 6), random).join(' ');
    const began = performance.now();
    const { results } = await client.search({ query, mode, top_k: 10 });
    times.push(performance.now() - began);
    if (results.length === 0) throw new Error(`a ${mode} search for "${query}" found nothing`);
  }
  return times.slice(warmUp);
}
