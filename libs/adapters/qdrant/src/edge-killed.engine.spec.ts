import { noEngine, vectorStoreDurability } from '@millrace/testing';
import { beforeEach, describe } from 'vitest';
import { QdrantVectorStore } from './qdrant-vector-store.ts';
import { EdgeProcess } from './testing/edge-process.ts';

describe('with Qdrant Edge 0.9 behind a REST shim (not the Qdrant server) killed with -9 and started again', () => {
  beforeEach((context) => context.skip(!EdgeProcess.isInstalled, noEngine('qdrant')));

  vectorStoreDurability('QdrantVectorStore', async () => {
    const edge = EdgeProcess.isInstalled ? await EdgeProcess.start() : undefined;
    let isDown = false;
    return {
      open: async () => {
        if (isDown) await edge!.restart();
        isDown = false;
        return new QdrantVectorStore({ url: edge!.url });
      },
      kill: async (store) => {
        await edge!.kill();
        isDown = true;
        await store.close();
      },
      dispose: async () => edge?.dispose(),
    };
  });
});
