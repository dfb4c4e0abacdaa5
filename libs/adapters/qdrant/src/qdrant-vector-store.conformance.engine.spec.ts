import { Line, vectorStoreConformance, vectorStoreDurability } from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { QdrantOptions } from './qdrant-options.ts';
import { QdrantVectorStore } from './qdrant-vector-store.ts';
import { dropAll, freshOptions, targets } from './testing/target.ts';

describe.each(targets)('on $name', (target) => {
  let at: Pick<QdrantOptions, 'url' | 'apiKey'>;
  beforeEach((context) => context.skip(target.lack !== undefined, target.lack));
  beforeAll(async () => void (target.lack ?? (at = await target.open())));
  afterAll(() => target.close());

  vectorStoreConformance('QdrantVectorStore', async () => {
    const options = freshOptions(at);
    const stores: QdrantVectorStore[] = [];
    return {
      open: async () => {
        const store = new QdrantVectorStore(options);
        stores.push(store);
        return store;
      },
      dispose: async () => {
        for (const store of stores) await store.close();
        await dropAll(options);
      },
    };
  });

  /** What the process of a store leaves behind when it is killed: requests that were sent, and nothing else. */
  vectorStoreDurability('QdrantVectorStore', async () => {
    const options = freshOptions(at);
    const { hostname: host, port } = new URL(options.url);
    const lines = new Map<QdrantVectorStore, Line>();
    const kill = async (store: QdrantVectorStore): Promise<void> => {
      lines.get(store)!.cut();
      await store.close();
    };
    return {
      open: async () => {
        const line = await Line.to({ host, port: Number(port) });
        const store = new QdrantVectorStore({ ...options, url: line.through(options.url) });
        lines.set(store, line);
        return store;
      },
      kill: (store) => kill(store as QdrantVectorStore),
      dispose: async () => {
        for (const [store, line] of lines) {
          await kill(store);
          await line.close();
        }
        await dropAll(options);
      },
    };
  });
});
