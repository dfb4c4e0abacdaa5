import { engine } from '@millrace/testing';
import { Redis } from 'ioredis';

/** The server of `npm run engines`; undefined when it is not up. */
export const redisUrl = engine('redis')?.url;

/** Forgets everything under a prefix. */
export async function forget(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 }))
      if ((keys as string[]).length > 0) await redis.unlink(...(keys as string[]));
  } finally {
    redis.disconnect();
  }
}
