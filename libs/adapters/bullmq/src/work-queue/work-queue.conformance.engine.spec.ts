import { noEngine, unique, workQueueConformance, type DurableHarness } from '@millrace/testing';
import type { WorkQueue } from '@millrace/ports';
import { describe, it } from 'vitest';
import { forget, redisUrl } from '../testing/redis-server.ts';
import { TcpProxy } from '../testing/tcp-proxy.ts';
import { BullWorkQueue } from './bull-work-queue.ts';

if (redisUrl) workQueueConformance('BullWorkQueue', () => harness(redisUrl!));
else describe('BullWorkQueue', () => it('conforms', (context) => context.skip(noEngine('redis'))));

/** Each instance reaches Redis by a proxy of its own: to kill it is to cut that. */
async function harness(url: string): Promise<DurableHarness<WorkQueue>> {
  const prefix = unique('test');
  const opened: { queue: WorkQueue; proxy: TcpProxy }[] = [];
  return {
    open: async () => {
      const proxy = await TcpProxy.to(url);
      const queue = new BullWorkQueue({ url: proxy.url, prefix, retryPauseMs: 20 });
      opened.push({ queue, proxy });
      return queue;
    },
    kill: async (killed) => opened.find(({ queue }) => queue === killed)?.proxy.cut(),
    dispose: async () => {
      await Promise.all(opened.map(({ queue }) => queue.close()));
      for (const { proxy } of opened) proxy.cut();
      await forget(url, prefix);
    },
  };
}
