import { describe, expect, it } from 'vitest';
import type { Cache, CacheEntry, Embedder } from '@millrace/ports';
import { CachedEmbedder } from './cached-embedder.ts';

const length = (text: string): Float32Array => Float32Array.of(text.length, 1);

function setting(cacheHours = 1) {
  const asked: string[][] = [];
  const embedder = {
    model: { name: 'm', dims: 2, maxTokens: 10, fingerprint: 'f' },
    health: () => ({ waitingTokens: 0 }),
    embed: async (texts: readonly string[]) => {
      asked.push([...texts]);
      return {
        vectors: texts.map(length),
        tokens: texts.length,
        millis: { tokenize: 0, queue: 0, inference: 0 },
      };
    },
  } as unknown as Embedder;
  const kept = new Map<string, Uint8Array>();
  const owners: (string | undefined)[] = [];
  const cache = {
    getMany: async (keys: readonly string[]) => keys.map((key) => kept.get(key)),
    set: async (entries: readonly CacheEntry[]) =>
      entries.forEach(({ key, value, owner }) => {
        kept.set(key, value);
        owners.push(owner);
      }),
  } as unknown as Cache;
  return {
    asked,
    cache,
    owners,
    cached: new CachedEmbedder(embedder, cache, { cacheHours, batchChunks: 1 }),
  };
}

const options = { kind: 'passage', lane: 'bulk' } as const;
const acme = { tenant: 'acme' };

describe('CachedEmbedder', () => {
  it('computes only what it does not know, and keeps the order', async () => {
    const { asked, cached } = setting();
    await cached.embed(['a', 'ccc'], options, acme);
    const { vectors, tokens } = await cached.embed(['ccc', 'bb', 'a'], options, acme);
    expect(vectors.map(([first]) => first)).toEqual([3, 2, 1]);
    expect(asked).toEqual([['a', 'ccc'], ['bb']]);
    expect(tokens).toBe(1);
  });

  it('does not take a passage’s vector for a query', async () => {
    const { asked, cached } = setting();
    await cached.embed(['a'], options, acme);
    await cached.embed(['a'], { ...options, kind: 'query' }, acme);
    expect(asked).toHaveLength(2);
  });

  it('gives a tenant nothing of another’s, and keeps what is nobody’s not at all', async () => {
    const { asked, cached } = setting();
    await cached.embed(['a'], options, acme);
    await cached.embed(['a'], options, { tenant: 'other' });
    await cached.embed(['b'], options);
    await cached.embed(['b'], options);
    expect(asked).toEqual([['a'], ['a'], ['b'], ['b']]);
  });

  it('keeps each vector for the document that its text stands in', async () => {
    const { cached, owners } = setting();
    await cached.embed(['a', 'b'], options, { ...acme, documents: ['first', 'second'] });
    await cached.embed(['b', 'c'], options, acme);
    expect(owners).toEqual(['acme/first', 'acme/second', undefined]);
  });

  it('keeps nothing when told so', async () => {
    const { asked, cached } = setting(0);
    await cached.embed(['a'], options, acme);
    await cached.embed(['a'], options, acme);
    expect(asked).toHaveLength(2);
  });

  it('computes what a cache that fails does not give, and answers all the same', async () => {
    const { asked, cache, cached } = setting();
    const fails = () => Promise.reject(new Error('disk full'));
    Object.assign(cache, { getMany: fails, set: fails });
    for (let turn = 0; turn < 2; turn++)
      expect((await cached.embed(['a', 'bb'], options, acme)).vectors.map(([first]) => first)).toEqual([
        1, 2,
      ]);
    expect(asked).toHaveLength(2);
  });
});
