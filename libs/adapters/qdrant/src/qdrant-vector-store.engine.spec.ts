import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DocumentVersion } from '@millrace/contracts';
import { bestFirst, Bm25, type SearchHit, type StoredChunk, type VectorQuery } from '@millrace/ports';
import { Line, unique, until } from '@millrace/testing';
import { QdrantClient } from '@qdrant/js-client-rest';
import { v5 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { chunkPoint } from './points/chunk-point.ts';
import type { QdrantOptions } from './qdrant-options.ts';
import { QdrantVectorStore } from './qdrant-vector-store.ts';
import { dropAll, freshOptions, targets } from './testing/target.ts';
import { pointerId } from './versions/pointer.ts';
import { Pointers } from './versions/pointers.ts';
import { Sweeper } from './versions/sweeper.ts';

const dims = 8;
const collection = 'model';
const namespace = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';
const patienceMs = 20_000;

const of = (document: string, version: number): DocumentVersion => ({ tenant: 'acme', document, version });

const chunkOf = ({ tenant, document, version }: DocumentVersion, ordinal: number): StoredChunk => ({
  id: v5(`${tenant}/${document}@${version}#${ordinal}`, namespace),
  ...{
    ordinal,
    text: `${document} ${ordinal}`,
    start: 0,
    end: 1,
    tokens: 1,
    headings: [],
    metadata: {},
    acl: [],
  },
  vector: new Float32Array(dims).fill(1 / Math.sqrt(dims)),
  terms: ['mill', document],
});
const chunksOf = (version: DocumentVersion, count: number): StoredChunk[] =>
  Array.from({ length: count }, (_, ordinal) => chunkOf(version, ordinal));

const put = async (store: QdrantVectorStore, version: DocumentVersion, count: number): Promise<void> => {
  await store.stage(collection, version, chunksOf(version, count));
  await store.publish(collection, version, count);
};

const find = (store: QdrantVectorStore, query: Partial<VectorQuery> = {}): Promise<SearchHit[]> =>
  store.search(collection, {
    tenant: 'acme',
    access: [],
    fusion: 'dbsf',
    limit: 100,
    terms: ['mill'],
    ...query,
  });

describe.each(targets)('QdrantVectorStore on $name', (target) => {
  let at: Pick<QdrantOptions, 'url' | 'apiKey'>;
  let line: Line;
  let options: QdrantOptions;
  let store: QdrantVectorStore;
  /** The same collections without the line between. */
  let direct: QdrantVectorStore;
  let client: QdrantClient;

  beforeAll(async () => void (target.lack ?? (at = await target.open())));
  afterAll(() => target.close());
  beforeEach(async (context) => {
    if (target.lack !== undefined) return context.skip(target.lack);
    const { hostname: host, port } = new URL(at.url);
    line = await Line.to({ host, port: Number(port) });
    const reached = freshOptions(at);
    options = { ...reached, url: line.through(at.url), requestMs: 1_000 };
    store = new QdrantVectorStore(options);
    direct = new QdrantVectorStore(reached);
    client = new QdrantClient({ url: at.url, port: null, checkCompatibility: false });
    await store.ensureCollection({ name: collection, dims });
    return async () => {
      await Promise.all([store.close(), direct.close()]);
      await line.close();
      await dropAll(reached);
    };
  });

  const timed = async <T>(run: () => Promise<T>): Promise<[T, number]> => {
    const before = performance.now();
    return [await run(), performance.now() - before];
  };
  const codes = async (calls: readonly Promise<unknown>[]): Promise<unknown[]> =>
    (await Promise.allSettled(calls)).map((call) =>
      call.status === 'rejected' ? (call.reason as { code?: string }).code : 'done',
    );
  /** Points of chunks, seen or not. */
  const chunksStored = async (document: string): Promise<number> => {
    const must = [
      { key: 'tenant', match: { value: 'acme' } },
      { key: 'document', match: { value: document } },
    ];
    const { count } = await client.count(`${options.prefix}${collection}`, { filter: { must }, exact: true });
    return count;
  };

  describe('while Qdrant is away', () => {
    it.each(['cut', 'silence'] as const)('rejects, soon (%s), says so, and recovers', async (fails) => {
      await put(store, of('a', 1), 2);
      line[fails]();
      const [answers, ms] = await timed(() =>
        codes([
          find(store),
          store.stage(collection, of('a', 2), chunksOf(of('a', 2), 1)),
          store.publish(collection, of('a', 2), 1),
          store.remove(collection, of('a', 2)),
          store.range(collection, of('a', 1), 0, 9),
          store.count(collection, 'acme'),
          store.audit(collection, 'acme'),
          store.ensureCollection({ name: collection, dims }),
          store.drop(collection),
        ]),
      );
      expect(new Set(answers)).toEqual(new Set(['dependency_unavailable']));
      expect(ms).toBeLessThan(5_000);
      const [healthy, healthMs] = await timed(() => store.healthy());
      expect([healthy, healthMs < 2_000]).toEqual([false, true]);
      line.restore();
      await until(async () => expect(await store.healthy()).toBe(true), patienceMs);
      expect(await find(store)).toHaveLength(2);
    });

    it('finds the first chunk with a word by that word, though it was looked for before another instance wrote it', async () => {
      expect(await find(store, { terms: ['larkspur'] })).toEqual([]);
      await put(direct, of('larkspur', 1), 1);
      expect(await find(store, { terms: ['larkspur'] })).toHaveLength(1);
      expect(await find(store, { terms: ['foxglove'] })).toEqual([]);
      await put(direct, of('foxglove', 1), 1);
      expect(await find(store, { terms: ['foxglove'] })).toHaveLength(1);
    });

    it('is made without it, and works once it is there', async () => {
      line.cut();
      const early = new QdrantVectorStore(options);
      expect(await codes([find(early)])).toEqual(['dependency_unavailable']);
      line.restore();
      await until(async () => expect(await early.healthy()).toBe(true), patienceMs);
      await put(early, of('a', 1), 1);
      expect(await find(early)).toHaveLength(1);
      await early.close();
    });

    it('closes at once, with calls under way', async () => {
      line.silence();
      const calls = codes([find(store), store.count(collection, 'acme')]);
      await nextTurn();
      const [, ms] = await timed(() => store.close());
      expect(ms).toBeLessThan(500);
      expect(new Set(await calls)).toEqual(new Set(['dependency_unavailable']));
      expect(await codes([find(store)])).toEqual(['shutting_down']);
      expect(await store.healthy()).toBe(false);
    });

    it('takes no more calls than it has room for', async () => {
      const narrow = new QdrantVectorStore({ ...options, maxPending: 4 });
      await find(narrow);
      line.silence();
      const answers = await codes(Array.from({ length: 10 }, () => narrow.count(collection, 'acme')));
      expect(answers.filter((code) => code === 'queue_full')).toHaveLength(6);
      await narrow.close();
    });
  });

  it('asks again when connections break off between requests', async () => {
    await put(store, of('a', 1), 2);
    for (let round = 0; round < 5; round++) {
      line.cut();
      line.restore();
      expect(await find(store)).toHaveLength(2);
    }
  });

  it('never tells the key', async () => {
    const planted = new QdrantVectorStore({ ...options, apiKey: 'planted-key' });
    line.cut();
    const error: unknown = await find(planted).catch((thrown: unknown) => thrown);
    expect(everythingIn(error)).toContain('Qdrant');
    expect(everythingIn(error)).not.toContain('planted');
    await planted.close();
  });

  describe('with two instances', () => {
    it('shows each the other’s versions at once', async () => {
      for (let version = 1; version <= 10; version++) {
        const [writer, reader] = version % 2 ? [store, direct] : [direct, store];
        await put(writer, of('a', version), (version % 3) + 1);
        expect((await find(reader)).map((hit) => hit.version)).toEqual(
          Array((version % 3) + 1).fill(version),
        );
        expect(await reader.count(collection, 'acme')).toBe((version % 3) + 1);
      }
    });

    it('never shows a search parts of two versions, or of one, of many documents that change', async () => {
      const names = ['a', 'b', 'c', 'd'];
      const lingerMs = 500;
      const writer = new QdrantVectorStore({ ...options, lingerMs });
      const reader = new QdrantVectorStore({ ...options, lingerMs });
      const sizeOf = (version: number): number => 1 + ((version * 3) % 5);
      for (const name of names) await put(writer, of(name, 1), sizeOf(1));
      let done = false;
      const check = async (): Promise<number> => {
        let looks = 0;
        for (; !done; looks++) {
          const byDocument = Map.groupBy(await find(reader), ({ document }) => document);
          expect([...byDocument.keys()].sort()).toEqual(names);
          for (const hits of byDocument.values())
            expect(hits.map((hit) => `${hit.version}#${hit.ordinal}`).sort()).toEqual(
              Array.from({ length: sizeOf(hits[0]!.version) }, (_, at) => `${hits[0]!.version}#${at}`),
            );
        }
        return looks;
      };
      const write = async (name: string): Promise<void> => {
        for (let version = 2; version <= 15; version++) await put(writer, of(name, version), sizeOf(version));
      };
      const writing = Promise.all(names.map(write)).finally(() => (done = true));
      const [looks] = await Promise.all([check(), writing]);
      expect(looks).toBeGreaterThan(5);
      await Promise.all([writer.close(), reader.close()]);
    });

    it('has them agree when both publish and remove the same document', async () => {
      for (let round = 0; round < 5; round++) {
        const base = round * 3;
        const name = `d${round}`;
        await Promise.allSettled([
          put(store, of(name, base + 1), 1),
          put(direct, of(name, base + 2), 2),
          store.remove(collection, of(name, base + 1)),
          put(store, of(name, base + 3), 3),
          direct.remove(collection, of(name, base + 2)),
        ]);
        for (const one of [store, direct])
          expect((await find(one, { terms: [name] })).map(({ version }) => version)).toEqual(
            Array(3).fill(base + 3),
          );
      }
    });
  });

  it('finds a document that switches between two looks of a search at it', async () => {
    await put(direct, of('a', 1), 1);
    await direct.stage(collection, of('a', 2), chunksOf(of('a', 2), 1));
    vi.spyOn(Pointers.prototype, 'read').mockImplementationOnce(async function (this: Pointers, ...asked) {
      const readings = await this.read(...asked);
      await direct.publish(collection, of('a', 2), 1);
      return readings;
    });
    expect((await find(store)).map(({ version }) => version)).toEqual([2]);
  });

  it('leaves what is live as it is when it is staged again', async () => {
    await put(store, of('a', 1), 5);
    const others = chunksOf(of('a', 1), 3).map((chunk) => ({ ...chunk, text: 'another text' }));
    await direct.stage(collection, of('a', 1), others);
    expect((await find(store)).map(({ text }) => text)).not.toContain('another text');
    expect(await direct.publish(collection, of('a', 1), 3)).toMatchObject({ outcome: 'published' });
    expect(await find(store)).toHaveLength(5);
  });

  describe('what is left behind', () => {
    it('is nothing of a late version of a removed document, also where a process ends before it sweeps', async () => {
      await store.remove(collection, of('a', 2));
      vi.spyOn(Sweeper.prototype, 'sweepReplaced').mockRejectedValueOnce(new Error('killed'));
      await store.stage(collection, of('a', 1), chunksOf(of('a', 1), 2));
      vi.restoreAllMocks();
      expect(await chunksStored('a')).toBe(0);
    });

    it('goes when a version is published, superseded or removed', async () => {
      await put(store, of('a', 1), 3);
      await store.stage(collection, of('a', 2), chunksOf(of('a', 2), 2));
      await put(store, of('a', 3), 1);
      expect(await chunksStored('a')).toBe(1);
      await store.stage(collection, of('a', 4), chunksOf(of('a', 4), 5));
      await store.publish(collection, of('a', 4), 2);
      expect(await chunksStored('a')).toBe(2);
      await store.stage(collection, of('a', 5), chunksOf(of('a', 5), 5));
      await store.remove(collection, of('a', 5));
      expect(await chunksStored('a')).toBe(0);
    });

    it('goes also when staging and removal cross', async () => {
      for (let round = 1; round <= 10; round++) {
        const version = of('a', round);
        await Promise.all([
          store.stage(collection, version, chunksOf(version, 20)),
          direct.remove(collection, version),
        ]);
        expect(await chunksStored('a')).toBe(0);
      }
    });

    it('goes when a search finds it, unless somebody may be at it', async () => {
      await put(store, of('a', 2), 1);
      const late = chunkPoint(of('a', 1), chunkOf(of('a', 1), 0));
      await client.upsert(`${options.prefix}${collection}`, { wait: true, points: [late] });
      expect(await find(store)).toHaveLength(1);
      expect(await chunksStored('a')).toBe(2);
      const points = [pointerId(of('a', 2))];
      await client.setPayload(`${options.prefix}${collection}`, { wait: true, points, payload: { at: 1 } });
      expect(await find(store)).toHaveLength(1);
      await until(async () => expect(await chunksStored('a')).toBe(1), patienceMs);
    });

    it('hides nothing, however much it is: hundreds of nearer chunks that nobody may see yet', async () => {
      await put(store, of('a', 1), 2);
      for (let version = 2; version <= 4; version++)
        await store.stage(collection, of('a', version), chunksOf(of('a', version), 200));
      const vector = new Float32Array(dims).fill(1 / Math.sqrt(dims));
      for (const query of [{}, { vector }, { terms: undefined, vector }])
        expect((await find(direct, { ...query, limit: 2 })).map(({ version }) => version)).toEqual([1, 1]);
    });
  });

  it('ranks terms as a look at every chunk does, whatever the lengths', async () => {
    const words = Array.from({ length: 400 }, (_, at) => `w${at}`);
    const pick = (at: number): string => words[Math.floor(words.length ** ((at * 0.618_034) % 1)) - 1]!;
    const version = of('a', 1);
    const chunks = chunksOf(version, 250).map((chunk, at) => ({
      ...chunk,
      terms: Array.from({ length: 5 + ((at * 37) % 90) }, (_, term) => pick(at * 91 + term)),
    }));
    await store.stage(collection, version, chunks);
    await store.publish(collection, version, chunks.length);
    const totals = { chunks: 250, terms: chunks.reduce((sum, { terms }) => sum + terms.length, 0) };
    const bm25 = new Bm25(totals);
    for (const query of [
      ['w0', 'w7'],
      ['w3', 'w19', 'w150'],
      ['w1', 'w2', 'w3', 'w4', 'w5', 'w350'],
    ]) {
      const weights = query.map((term) =>
        bm25.weight(chunks.filter(({ terms }) => terms.includes(term)).length),
      );
      const scoreOf = ({ terms }: StoredChunk): number =>
        query.reduce((sum, term, at) => {
          const times = terms.filter((one) => one === term).length;
          return times === 0 ? sum : sum + weights[at]! * bm25.match(times, terms.length);
        }, 0);
      const expected = chunks.map((chunk) => ({ uuid: chunk.id, score: scoreOf(chunk) })).sort(bestFirst);
      const hits = await find(store, { terms: query, limit: 10 });
      expect(hits.map(({ id }) => id)).toEqual(expected.slice(0, 10).map(({ uuid }) => uuid));
      for (const [rank, { score }] of hits.entries()) expect(score).toBeCloseTo(expected[rank]!.score, 9);
    }
  });

  it('refuses names that are none, and text ranges that are no dates', async () => {
    expect(await codes([store.ensureCollection({ name: 'a/b', dims })])).toEqual(['internal']);
    await put(store, of('a', 1), 1);
    expect(await codes([find(store, { filter: { team: { gte: 'search' } } })])).toEqual(['invalid_request']);
  });

  it('keeps to its prefix', async () => {
    const other = new QdrantVectorStore({ ...options, prefix: `${unique('test')}-` });
    expect(await codes([find(other)])).toEqual(['index_missing']);
    await other.close();
  });
});

/** Messages, stacks and fields of an error and of what caused it. */
const everythingIn = (error: unknown): string =>
  error instanceof Error
    ? [error.stack, JSON.stringify(error), everythingIn(error.cause)].join('\n')
    : String(error);
