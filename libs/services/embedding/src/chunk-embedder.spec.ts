import type { ParsedDocument } from '@millrace/contracts';
import type { EventPublisher, JobContext } from '@millrace/platform';
import type { BlobStore } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import type { CachedEmbedder } from './cached-embedder.ts';
import { ChunkEmbedder, passageText } from './chunk-embedder.ts';

describe('passageText', () => {
  it('puts title and headings before the text', () => {
    expect(passageText('Mills', { headings: ['Wheels', 'Oak'], text: 'Twelve.' })).toBe(
      'Mills\nWheels > Oak\nTwelve.',
    );
  });

  it('does not say the title twice', () => {
    expect(passageText('Mills', { headings: ['Mills'], text: 'Twelve.' })).toBe('Mills\nTwelve.');
    expect(passageText('Mills', { headings: [], text: 'Mills grind.' })).toBe('Mills grind.');
  });
});

const model = { name: 'm', fingerprint: 'f'.repeat(64), dims: 2, minDims: 2, maxTokens: 256 };
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
    model,
    embed: async (texts: string[]) => {
      embedded += texts.length;
      return { vectors: texts.map(() => Float32Array.of(1, 0)) };
    },
  } as unknown as CachedEmbedder;
  const told: { vectors: string; version: number }[] = [];
  const events = {
    publish: async (_spec: unknown, data: never) => void told.push(data),
  } as unknown as EventPublisher;
  const chunker = new ChunkEmbedder(embedder, blobs, events, { batchChunks: 8 } as never);
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
  return { chunker, stored, told, version, embedded: () => embedded };
}
const uuid = '0193b1c0-0000-7000-8000-000000000000';

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
