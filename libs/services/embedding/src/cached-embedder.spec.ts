import { describe, expect, it } from 'vitest';
import type { Cache, CacheEntry, Embedder, Embedders } from '@millrace/ports';
import { CachedEmbedder } from './cached-embedder.ts';
import { QuestionsUnderWay } from './questions-under-way.ts';
import type { ServingModel } from './serving-model.ts';

const length = (text: string): Float32Array => Float32Array.of(text.length, 1);

/** A model whose vectors are told from another's by the fingerprint alone; what it was asked, and whose file it runs. */
function fakeEmbedder(name: string, asked: string[][], query = '') {
  const prefixes = { query, passage: '' };
  const model = { name, dims: 2, minDims: 2, prefixes, maxTokens: 10, fingerprint: name };
  const running = { fingerprint: name };
  const embed = async (texts: readonly string[]) => {
    asked.push([...texts]);
    const millis = { load: 0, tokenize: 0, queue: 0, inference: 0 };
    return { model: { ...model, ...running }, vectors: texts.map(length), tokens: texts.length, millis };
  };
  return { embedder: { model, embed } as unknown as Embedder, running };
}

function setting(cacheHours = 1) {
  const asked: string[][] = [];
  const askedOfOther: string[][] = [];
  const { embedder, running } = fakeEmbedder('m', asked);
  const other = fakeEmbedder('other', askedOfOther, 'query: ').embedder;
  const embedders = { default: embedder, get: async () => other } as unknown as Embedders;
  const serving = { get: async () => embedder } as unknown as ServingModel;
  const kept = new Map<string, Uint8Array>();
  const owners: (string | undefined)[] = [];
  const cache = {
    getMany: async (keys: readonly string[]) => keys.map((key) => kept.get(key)),
    set: async (entries: readonly CacheEntry[]) =>
      entries.forEach(({ key, value, owners: of = [undefined] }) => {
        kept.set(key, value);
        owners.push(...of);
      }),
  } as unknown as Cache;
  return {
    asked,
    askedOfOther,
    running,
    cache,
    owners,
    cached: new CachedEmbedder(
      ...([embedders, serving, cache] as const),
      { cacheHours, batchChunks: 1, secondModelPercent: 50 },
      new QuestionsUnderWay(),
    ),
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

  it('does not take one model’s vector for another’s, and says whose they are', async () => {
    const { asked, askedOfOther, cached } = setting();
    const byDefault = await cached.embed(['a'], options, acme);
    const byOther = await cached.embed(['a'], { ...options, model: 'other' }, acme);
    const again = await cached.embed(['a'], { ...options, model: 'other' }, acme);
    expect([byDefault, byOther, again].map(({ model }) => model.fingerprint)).toEqual([
      'm',
      'other',
      'other',
    ]);
    expect([asked, askedOfOther]).toEqual([[['a']], [['a']]]);
  });

  it('mixes no vectors of two files of a model, one of which was loaded in between', async () => {
    const { asked, running, cached } = setting();
    await cached.embed(['a'], options, acme);
    running.fingerprint = 'm2';
    const { model, vectors } = await cached.embed(['a', 'bb'], options, acme);
    expect({ model: model.fingerprint, vectors: vectors.length }).toEqual({ model: 'm2', vectors: 2 });
    expect(asked.at(-1)).toEqual(['a', 'bb']);
  });

  it('shares a vector between documents and questions where the model makes no difference', async () => {
    const { asked, cached } = setting();
    await cached.embed(['a'], options, acme);
    const { tokens } = await cached.embed(['a'], { ...options, kind: 'query' }, acme);
    expect({ asked, tokens }).toEqual({ asked: [['a']], tokens: 0 });
  });

  it('does not where it puts something before questions, unless the text of a document begins with that', async () => {
    const { askedOfOther, cached } = setting();
    const ofOther = { ...options, model: 'other' };
    await cached.embed(['a'], ofOther, acme);
    await cached.embed(['a'], { ...ofOther, kind: 'query' }, acme);
    await cached.embed(['query: a'], ofOther, acme);
    expect(askedOfOther).toEqual([['a'], ['a']]);
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
    // It goes with a document, though a question had asked for it first.
    await cached.embed(['c'], options, { ...acme, documents: ['third'] });
    expect(owners.at(-1)).toBe('acme/third');
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
