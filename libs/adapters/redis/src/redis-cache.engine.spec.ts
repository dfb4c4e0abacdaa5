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
    return { open: async () => cache, dispose: () => cache.close() };
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
    };
  });

  const set = (key: string, ...owners: readonly string[]): Promise<void> =>
    cache.set([{ key, value: utf8(key), owners }], minuteMs);
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

  it('tells when it cannot forget, because what is there may be read again', async () => {
    await set('a', 'ada');
    line.cut();
    await expect(cache.forget('ada')).rejects.toMatchObject({ code: 'dependency_unavailable' });
    line.restore();
    await until(async () => expect(await cache.forget('ada')).toBe(1), patienceMs);
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
    await set('a', 'ada');
    expect(text(await same.get('a'))).toBe('a');
    expect(await other.get('a')).toBeUndefined();
    expect(await other.forget('ada')).toBe(0);
    expect(await same.forget('ada')).toBe(1);
    await Promise.all([same.close(), other.close()]);
  });

  it('leaves nothing in Redis that does not expire', async () => {
    await cache.set([{ key: 'a', value: utf8('a'), owners: ['ada', 'ann'] }], 1_234.5);
    await cache.set([{ key: 'b', value: utf8('b'), owners: ['bob'] }], 0);
    const plain = new Redis(redis!.url);
    const keys = await plain.keys(`${prefix}*`);
    expect(keys.sort()).toEqual([`${prefix}entry:a`, `${prefix}owner:ada`, `${prefix}owner:ann`]);
    for (const key of keys) expect(await plain.pttl(key)).toBeGreaterThan(0);
    await plain.quit();
  });

  it('keeps no list of entries that expired long ago for an owner who is set anew', async () => {
    const plain = new Redis(redis!.url);
    await plain.zadd(`${prefix}owner:ada`, Date.now() - 3_600_000, `${prefix}entry:old`);
    await set('new', 'ada');
    expect(await plain.zrange(`${prefix}owner:ada`, 0, -1)).toEqual([`${prefix}entry:new`]);
    await plain.quit();
  });

  it('says of a bad URL nothing that could be a password', () => {
    expect(() => RedisCache.open({ url: 'planted:secret@host' })).toThrow(
      expect.not.stringContaining('secret') as string,
    );
  });
});
