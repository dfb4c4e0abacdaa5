import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vectorStoreConformance, vectorStoreDurability } from '@millrace/testing';
import { entry } from '../thread/thread-harness.ts';
import { processHarness } from './store-process.ts';
import { SqliteVectorStore } from './vector-store.ts';

vectorStoreConformance('SqliteVectorStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-vectors-'));
  const stores: SqliteVectorStore[] = [];
  return {
    open: async () => {
      const store = await SqliteVectorStore.open({ entry, file: join(folder, 'vectors.sqlite') });
      stores.push(store);
      return store;
    },
    dispose: async () => {
      for (const store of stores) await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

vectorStoreDurability('SqliteVectorStore', processHarness);
