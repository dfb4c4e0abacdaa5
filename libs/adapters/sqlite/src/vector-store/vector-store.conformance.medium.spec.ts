import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vectorStoreConformance, vectorStoreDurability } from '@millrace/testing';
import { entry } from '../thread/thread-harness.ts';
import { processHarness } from './store-process.ts';
import { SqliteVectorStore } from './vector-store.ts';

vectorStoreConformance('SqliteVectorStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-vectors-'));
  let store: SqliteVectorStore | undefined;
  return {
    open: async () => (store = await SqliteVectorStore.open({ entry, file: join(folder, 'vectors.sqlite') })),
    dispose: async () => {
      await store?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

vectorStoreDurability('SqliteVectorStore', processHarness);
