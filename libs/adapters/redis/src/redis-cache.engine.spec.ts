import { Line, cacheConformance, engine, noEngine, text, unique, until, utf8 } from '@millrace/testing';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, it } from 'vitest';
import { RedisCache, type RedisCacheOptions } from './redis-cache.ts';

const patienceMs = 10_000;
const minuteMs = 60_000;
const redis = engine('redis');

/** Connected, and patient: the machine of the tests may be busy. */
async function opened(options: Partial<RedisCacheOptions> = {}): Promise<RedisCache> {
  const cache = RedisCache.open({ url: redis!.url, timeoutMs: 5_000, ...options });
  await until(async () => expect(await cache.healthy()).toBe(true), patienceMs);
  return cache;
}

describe('on Redis', () => {
  beforeEach((context) => context.skip(!redis, noEngine('redis')));

  cacheConformance('RedisCache', async () => {
    const cache = await opened({ prefix: `${unique('cache')}:` });
    return {
      open: async () => cache,
      dispose: async () => {
        await cache.deleteAll('');
        await cache.close();
      },
    };
  });
});

describe('RedisCache', () => {
  let line: Line;
  let prefix: string;
  let cache: RedisCache;

  beforeEach(async (context) => {
    if (!redis) return context.skip(noEngine('redis'));
    const { hostname: host, port } = new URL(redis.url);
    line = await Line.to({ host, port: Number(port || 6379) });
    prefix = `${unique('cache')}:`;
    cache = await opened({ url: line.through(redis.url), prefix, timeoutMs: 300, restMs: 300 });
    return async () => {
      await cache.close();
      await line.close();
      const cleaner = await opened({ prefix });
      await cleaner.deleteAll('');
      await cleaner.close();
    };
  });

  const set = (key: string): Promise<void> => cache.set([{ key, value: utf8(key) }], minuteMs);
  const get = async (key: string): Promise<string | undefined> => {
    const value = await cache.get(key);
    return value && text(value);
  };
  const timed = async (run: () => Promise<unknown>): Promise<number> => {
    const before = performance.now();
    await run();
    return performance.now() - before;
  };

  it.each(['cut', 'silence'] as const)(
    'misses, soon, while Redis is away (%s), and recovers',
    async (fails) => {
      await set('a');
      line[fails]();
      const keys = Array.from({ length: 200 }, (_, n) => `${n}`);
      expect(await timed(() => Promise.all(keys.map((key) => set(key))))).toBeLessThan(1_000);
      expect(await timed(() => Promise.all(keys.map((key) => cache.get(key))))).toBeLessThan(1_000);
      expect(await get('a')).toBeUndefined();
      expect(await timed(() => cache.healthy())).toBeLessThan(1_000);
      expect(await cache.healthy()).toBe(false);
      line.restore();
      await until(async () => expect(await get('a')).toBe('a'), patienceMs);
    },
  );

  it('tells when it cannot delete, because what is there may be read again', async () => {
    await set('a');
    line.cut();
    await expect(cache.delete(['a'])).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await expect(cache.deleteAll('')).rejects.toMatchObject({ code: 'dependency_unavailable' });
    line.restore();
    await until(() => cache.delete(['a']), patienceMs);
    expect(await get('a')).toBeUndefined();
  });

  it('opens and closes while Redis is away', async () => {
    line.cut();
    const other = RedisCache.open({ url: line.through(redis!.url), prefix });
    expect(await other.get('a')).toBeUndefined();
    expect(await timed(() => other.close())).toBeLessThan(1_500);
    line.silence();
    expect(await timed(() => cache.close())).toBeLessThan(1_500);
  });

  it('keeps apart under prefixes, and shares under the same', async () => {
    const [same, other] = await Promise.all([opened({ prefix }), opened({ prefix: `${prefix}other:` })]);
    await set('a');
    expect(text(await same.get('a'))).toBe('a');
    expect(await other.get('a')).toBeUndefined();
    expect(await other.deleteAll('')).toBe(0);
    expect(await same.deleteAll('')).toBe(1);
    await Promise.all([same.close(), other.close()]);
  });

  it('leaves nothing in Redis that does not expire', async () => {
    await cache.set([{ key: 'a', value: utf8('a') }], 1_234.5);
    await cache.set([{ key: 'b', value: utf8('b') }], 0);
    const plain = new Redis(redis!.url);
    expect(await plain.pttl(`${prefix}a`)).toBeGreaterThan(0);
    expect(await plain.exists(`${prefix}b`)).toBe(0);
    await plain.quit();
  });

  it('deletes more keys than one step of a scan, with others between', async () => {
    const keys = Array.from({ length: 5_000 }, (_, n) => ({
      key: `${n % 2 ? 'odd' : 'even'}:${n}`,
      value: utf8('x'),
    }));
    const patient = await opened({ prefix });
    await patient.set(keys, minuteMs);
    expect(await patient.deleteAll('odd:')).toBe(2_500);
    expect(await patient.deleteAll('even:')).toBe(2_500);
    await patient.close();
  });

  it('says of a bad URL nothing that could be a password', () => {
    expect(() => RedisCache.open({ url: 'planted:secret@host' })).toThrow(
      expect.not.stringContaining('secret') as string,
    );
  });
});
