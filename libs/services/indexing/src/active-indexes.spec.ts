import { calls, MillraceError, type CallSpec, type DocumentVersion } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { ActiveIndexes } from './active-indexes.ts';
import { DocumentIndexer } from './document-indexer.ts';
import { DocumentRemover } from './document-remover.ts';
import { IndexKeeper } from './index-keeper.ts';
import { SecondIndexer } from './second-indexer.ts';

const context = { signal: new AbortController().signal } as never;
const version = { tenant: 't', document: 'd', version: 1 };
const index = (name: string, collection?: string) => ({
  ...{ name, model: `${name}-print`, dims: 2 },
  ...(collection !== undefined && { collection }),
});
const made = (name: string, collection?: string) =>
  ({
    ...{ ...version, ...index(name, collection), chunks: 1, acceptedAt: '' },
    ...{ parsed: 't/d/parsed.json', vectors: 't/d/vectors.f32' },
  }) as never;

/** Indexing over collections by name, going by a plan that may be of a moment ago. */
function world(...plan: ReturnType<typeof index>[]) {
  const told = { now: plan, lately: plan, isUp: true };
  const collections = new Map<string, string[]>();
  const within = (name: string): string[] => {
    const found = collections.get(name);
    if (!found) throw new MillraceError('index_missing');
    return found;
  };
  const store = {
    ensureCollection: async ({ name }: { name: string }) =>
      void collections.set(name, collections.get(name) ?? []),
    remove: async (name: string) => ({ removed: within(name).splice(0).length }),
    drop: async (name: string) => void collections.delete(name),
  };
  const caller = {
    call: async (spec: CallSpec, { fresh }: { fresh?: boolean }) => {
      expect(spec).toBe(calls.activeModels);
      if (fresh && !told.isUp) throw new MillraceError('dependency_unavailable');
      return { models: fresh ? told.now : told.lately };
    },
  };
  const writer = {
    load: async () => ({}),
    write: async (name: string, { document }: DocumentVersion) => {
      within(name).push(document);
      return { outcome: 'published' };
    },
  } as never;
  const published: { model?: string; collection?: string; name?: string; chunks?: number }[] = [];
  const events = { publish: async (_: unknown, data: object) => void published.push(data) } as never;
  const indexes = new ActiveIndexes(store as never, caller as never);
  const logger = { warn: () => undefined } as never;
  return {
    ...{ told, collections, published },
    indexer: new DocumentIndexer(writer, indexes, events),
    second: new SecondIndexer(writer, indexes, events),
    remover: new DocumentRemover(store as never, indexes, events),
    keeper: new IndexKeeper(store as never, indexes, logger),
  };
}

describe('an index that is not there', () => {
  it('comes with the first document, or its tombstone, where no model was ever switched', async () => {
    const { indexer, collections, published } = world(index('a'));
    await indexer.index(made('a'), context);
    expect([...collections]).toEqual([['documents-a-print', ['d']]]);
    expect(published).toMatchObject([{ collection: 'documents-a-print', name: 'a' }]);
    const empty = world(index('a'));
    await empty.remover.remove(version as never, context);
    expect([...empty.collections]).toEqual([['documents-a-print', []]]);
  });

  it('never comes back by a document of a model that was given up: the serving one is asked for its vectors', async () => {
    const { indexer, collections, published, told } = world(index('b', 'B-1'), index('a', 'A'));
    told.now = [index('b', 'B-1')];
    await indexer.index(made('a', 'A'), context);
    expect(collections.size).toBe(0);
    expect(published).toMatchObject([{ ...version, model: 'b', chunks: 1 }]);
  });

  it('never comes back by second vectors: they are wanted no more', async () => {
    const { second, collections, published, told } = world(index('b', 'B-1'), index('a', 'A'));
    told.now = [index('b', 'B-1')];
    await second.index(made('a', 'A'), context);
    expect([collections.size, published]).toEqual([0, []]);
  });

  it('has the one for a successor that its model was prepared anew into', async () => {
    const { indexer, collections, published } = world(index('b', 'B-1'), index('a', 'A-5'));
    collections.set('A-5', []);
    await indexer.index(made('a', 'A'), context);
    expect(collections.get('A-5')).toEqual(['d']);
    expect(published).toMatchObject([{ collection: 'A-5' }]);
  });

  it('is an error where the plan has it: who lost it has to know', async () => {
    const { indexer, second, remover } = world(index('a', 'A-5'));
    for (const failing of [
      indexer.index(made('a', 'A-5'), context),
      second.index(made('a', 'A-5'), context),
      remover.remove(version as never, context),
    ])
      await expect(failing).rejects.toMatchObject({ code: 'index_missing' });
  });

  it('is an error where the vectors are of another file than the index, for they would come back the same', async () => {
    const { indexer } = world({ ...index('a', 'A-5'), model: 'replaced-print' });
    await expect(indexer.index(made('a', 'A-4'), context)).rejects.toMatchObject({ code: 'index_missing' });
  });

  it('keeps no delete from the others', async () => {
    const { remover, collections, published, told } = world(index('b', 'B-1'), index('a', 'A'));
    collections.set('B-1', ['d']);
    told.now = [index('b', 'B-1')];
    await remover.remove(version as never, context);
    expect(published).toMatchObject([{ chunks: 1, collection: 'B-1' }]);
  });
});

describe('erasing', () => {
  it('takes a text out of an index that came a moment ago, whatever another replica knows yet', async () => {
    const { remover, second, collections, published, told } = world(index('a', 'A'));
    collections.set('A', ['d']).set('B-1', []);
    told.now = [index('a', 'A'), index('b', 'B-1')];
    told.lately = told.now;
    await second.index(made('b', 'B-1'), context);
    told.lately = [index('a', 'A')];
    await remover.remove(version as never, context);
    expect([...collections]).toEqual([
      ['A', []],
      ['B-1', []],
    ]);
    expect(published.at(-1)).toMatchObject({ chunks: 2 });
  });

  it('is not told of where the plan cannot be told: it is done once it can', async () => {
    const { remover, collections, published, told } = world(index('a', 'A'));
    collections.set('A', ['d']);
    told.isUp = false;
    await expect(remover.remove(version as never, context)).rejects.toMatchObject({
      code: 'dependency_unavailable',
    });
    expect(published).toEqual([]);
    told.isUp = true;
    await remover.remove(version as never, context);
    expect(published).toMatchObject([{ chunks: 1 }]);
  });
});

describe('dropping an index', () => {
  const retired = { name: 'a', model: 'a-print', at: '2026-01-01T00:00:00.000Z' };

  it('never takes away one that is in use by the plan as it is now', async () => {
    const { keeper, collections, told } = world(index('b', 'B-1'));
    collections.set('documents-a-print', ['d']).set('A-5', ['d']);
    told.now = [index('a'), index('b', 'B-1')];
    await keeper.drop(retired, context);
    expect([...collections.keys()]).toEqual(['documents-a-print', 'A-5']);
    await keeper.drop({ ...retired, collection: 'A-5' }, context);
    expect([...collections.keys()]).toEqual(['documents-a-print']);
  });
});
