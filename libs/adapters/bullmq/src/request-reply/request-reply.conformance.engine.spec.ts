import {
  noEngine,
  requestReplyConformance,
  unique,
  type Harness,
  type RequestReplyEnds,
} from '@millrace/testing';
import { describe, it } from 'vitest';
import { forget, redisUrl } from '../testing/redis-server.ts';
import { RedisRequestReply } from './redis-request-reply.ts';

if (redisUrl) requestReplyConformance('RedisRequestReply', () => harness(redisUrl!));
else describe('RedisRequestReply', () => it('conforms', (context) => context.skip(noEngine('redis'))));

/** Two instances, as two processes have them. */
async function harness(url: string): Promise<Harness<RequestReplyEnds>> {
  const prefix = unique('test');
  const caller = new RedisRequestReply({ url, prefix });
  const worker = new RedisRequestReply({ url, prefix });
  return {
    open: async () => ({ caller, worker }),
    dispose: async () => {
      await caller.close();
      await worker.close();
      await forget(url, prefix);
    },
  };
}
