import { vectorStoreDurability } from '@millrace/testing';
import { beforeEach, describe } from 'vitest';
import { QdrantVectorStore } from './qdrant-vector-store.ts';
import { EdgeProcess } from './testing/edge-process.ts';
import { edgeName } from './testing/target.ts';

describe(`with ${edgeName} killed with -9 and started again`, () => {
  beforeEach((context) => context.skip(!EdgeProcess.isInstalled, EdgeProcess.lack));

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
