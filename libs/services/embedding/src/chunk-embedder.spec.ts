import type { ParsedDocument } from '@millrace/contracts';
import type { DriftMonitor, EventPublisher, JobContext } from '@millrace/platform';
import type { BlobStore } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { ChunkEmbedder } from './chunk-embedder.ts';
import type { PassageEmbedder } from './passage-embedder.ts';
import { QuestionsUnderWay } from './questions-under-way.ts';
import { SecondEmbedder } from './second-embedder.ts';
import type { ServingModel } from './serving-model.ts';

const prefixes = { query: '', passage: '' };
const model = { name: 'm', fingerprint: 'f'.repeat(64), dims: 2, minDims: 2, prefixes, maxTokens: 256 };
const context = { signal: new AbortController().signal } as JobContext;

/** An embedder that counts, a text in the store, and what was told. */
function workshop() {
  const stored = new Map<string, Uint8Array>();
  const blobs = {
    get: async (key: string) => stored.get(key),
    put: async (key: string, bytes: Uint8Array) => void stored.set(key, bytes),
  } as unknown as BlobStore;
  let embedded = 0;
  const embedder = {
    embed: async ({ chunks }: ParsedDocument, _of: unknown, { model: name }: { model: string }) => {
      embedded += chunks.length;
      const made = name === 'm' ? model : { ...model, name, fingerprint: 'b'.repeat(64) };
      return { model: made, rows: chunks.map(() => Float32Array.of(1, 0)) };
    },
  } as unknown as PassageEmbedder;
  const active = ['m', 'next'];
  const serving = {
    get: async () => ({ model }),
    isActive: async (name: string) => active.includes(name),
    collectionOf: async ({ name }: { name: string }) => `documents-${name}`,
  } as unknown as ServingModel;
  const told: { vectors: string; version: number }[] = [];
  const events = {
    publish: async (_spec: unknown, data: never) => void told.push(data),
  } as unknown as EventPublisher;
  const watched: (readonly [string, string])[] = [];
  const drift = {
    noteVector: (kind: string, model: string) => void watched.push([kind, model]),
  } as unknown as DriftMonitor;
  const chunker = new ChunkEmbedder(embedder, serving, blobs, events, drift);
  const second = new SecondEmbedder(embedder, serving, blobs, events, new QuestionsUnderWay(), {
    secondModelPercent: 50,
  } as never);
  const version = (n: number, earlier?: number) => {
    const parsed = `acme/a/${n}/parsed.json`;
    const chunk = { ordinal: 0, start: 0, end: 4, text: 'mill', tokens: 1, headings: [], id: uuid };
    const lineage = { mediaType: 'text/plain', parser: 'text@1', chunker: 'c@1' };
    const text: ParsedDocument = { text: 'mill', chunks: [chunk], metadata: {}, acl: [], lineage };
    stored.set(parsed, new TextEncoder().encode(JSON.stringify(text)));
    const which = { tenant: 'acme', document: 'a', version: n };
    const event = { ...which, parsed, chunks: 1, tokens: 1, acceptedAt: '2026-01-01T00:00:00.000Z' };
    return earlier === undefined ? event : { ...event, earlier: `acme/a/${earlier}/parsed.json` };
  };
  return { chunker, second, active, stored, told, watched, version, embedded: () => embedded };
}
const uuid = '0193b1c0-0000-7000-8000-000000000000';

it('a version shows how documents are distributed by one chunk, where it was made anew by the model that serves', async () => {
  const { chunker, second, watched, version } = workshop();
  await chunker.embed(version(1), context);
  await chunker.carry(version(2, 1), context);
  const { parsed } = version(1);
  const which = { tenant: 'acme', document: 'a', version: 1, parsed, chunks: 1, model: 'next' };
  await second.embed(which, context);
  expect(watched).toEqual([['document', model.fingerprint]]);
});

describe('a version with the text of the one before', () => {
  it('takes its vectors over', async () => {
    const { chunker, stored, told, version, embedded } = workshop();
    await chunker.embed(version(1), context);
    await chunker.carry(version(2, 1), context);
    expect(embedded()).toBe(1);
    const [first, second] = told.map(({ vectors }) => vectors) as [string, string];
    expect(second).toContain('acme/a/2/');
    expect(stored.get(second)).toEqual(stored.get(first));
  });

  it('gets its own where they are gone', async () => {
    const { chunker, told, version, embedded } = workshop();
    await chunker.carry(version(2, 1), context);
    expect(embedded()).toBe(1);
    expect(told).toHaveLength(1);
  });
});

describe('a version that lacks the vectors of another model', () => {
  const wanted = (parsed: string) => ({
    ...{ tenant: 'acme', document: 'a', version: 1, parsed, chunks: 1, model: 'next' },
  });

  it('gets them beside those it has', async () => {
    const { chunker, second, stored, told, version } = workshop();
    const { parsed, ...event } = version(1);
    await chunker.embed({ ...event, parsed }, context);
    await second.embed(wanted(parsed), context);
    const [first, other] = told.map(({ vectors }) => vectors) as [string, string];
    expect(other).not.toBe(first);
    expect([stored.has(first), stored.has(other)]).toEqual([true, true]);
    expect(told[1]).toMatchObject({ model: 'b'.repeat(64), dims: 2, version: 1 });
  });

  it('is left when it was erased, or nobody wants them any more', async () => {
    const { second, active, told, version } = workshop();
    const { parsed } = version(1);
    await second.embed(wanted('acme/a/0/parsed.json'), context);
    active.pop();
    await second.embed(wanted(parsed), context);
    expect(told).toEqual([]);
  });
});
