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

/** What an index holds: chunks of whoever asks, and of so many other tenants as many each. */
interface Contents {
  readonly name: string;
  readonly chunks: number;
  readonly otherTenants: number;
}

const alone = (chunks: number): Contents => ({
  name: `${chunks.toLocaleString('en')} chunks`,
  ...{ chunks, otherTenants: 0 },
});
const amongOthers: Contents = {
  name: '10,000 chunks beside 290,000 of 29 other tenants',
  ...{ chunks: 10_000, otherTenants: 29 },
};

export const search: Measurement = {
  name: 'search',
  summary:
    'latency of searches over 10,000, 100,000 and 300,000 chunks, and among other tenants, through the HTTP API (quick: 10,000)',
  run: async (context) => {
    const cases: Case[] = [];
    const all = [alone(10_000), alone(100_000), alone(300_000), amongOthers];
    for (const contents of context.quick ? all.slice(0, 1) : all)
      cases.push(
        ...(await withServer({ prepare: (dataDir) => fill(dataDir, contents, context) }, ({ url }) =>
          searchAll(contents, new Client(url, context.signal), context),
        )),
      );
    return cases;
  },
};

/** Puts synthetic chunks with random vectors straight into the index: what a search costs does not depend on meaning. */
async function fill(
  dataDir: string,
  { name, chunks, otherTenants }: Contents,
  { note, signal }: BenchContext,
): Promise<void> {
  const { collection, dims } = await defaultModel();
  const store = await openIndex(dataDir);
  const random = randomNumbers(chunks);
  await store.ensureCollection({ name: collection, dims });
  for (const tenant of ['default', ...Array.from({ length: otherTenants }, (_, n) => `tenant-${n}`)]) {
    note(`filling the index with ${name}: ${tenant}`);
    for (let document = 0; document < chunks / chunksPerDocument; document++) {
      signal.throwIfAborted();
      const version = { tenant, document: `document-${document}`, version: 1 };
      const staged = Array.from({ length: chunksPerDocument }, (_, i) =>
        chunk(`${tenant}/${version.document}`, i, dims, random),
      );
      await store.stage(collection, version, staged);
      await store.publish(collection, version, staged.length);
    }
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

async function searchAll({ name }: Contents, client: Client, { quick, note }: BenchContext): Promise<Case[]> {
  const cases: Case[] = [];
  for (const mode of ['hybrid', 'dense', 'sparse'] satisfies Mode[]) {
    note(`${name}, ${mode}`);
    const spread = percentiles(await timeSearches(client, mode, quick ? 100 : 500));
    cases.push(withoutGoal({ case: `${name}, ${mode}`, value: spread.p50, unit: 'ms', ...spread }));
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
