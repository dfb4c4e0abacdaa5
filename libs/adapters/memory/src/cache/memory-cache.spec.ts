import { cacheConformance } from '@millrace/testing';
import { describe, expect, it } from 'vitest';
import { MemoryCache } from './memory-cache.ts';

cacheConformance('MemoryCache', async () => {
  const cache = new MemoryCache();
  return { open: async () => cache, dispose: () => cache.close() };
});

describe('MemoryCache', () => {
  const kilobyte = (key: string) => [{ key, value: new Uint8Array(1000) }];
  const present = async (cache: MemoryCache, keys: string[]): Promise<string[]> => {
    const values = await cache.getMany(keys);
    return keys.filter((_, index) => values[index]);
  };

  it('lets the least recently used go when it is full', async () => {
    const cache = new MemoryCache({ maxBytes: 3 * 1210 });
    for (const key of ['a', 'b', 'c']) await cache.set(kilobyte(key), 1_000);
    await cache.get('a');
    await cache.set(kilobyte('d'), 1_000);
    expect(await present(cache, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c', 'd']);
  });

  it('does not grow when a key is set again and again', async () => {
    const cache = new MemoryCache({ maxBytes: 2 * 1210 });
    await cache.set(kilobyte('a'), 1_000);
    for (let round = 0; round < 100; round++) await cache.set(kilobyte('b'), 1_000);
    expect(await present(cache, ['a', 'b'])).toEqual(['a', 'b']);
  });

  it('keeps what it has when a value is larger than the whole', async () => {
    const cache = new MemoryCache({ maxBytes: 1210 });
    await cache.set(kilobyte('a'), 1_000);
    await cache.set([{ key: 'b', value: new Uint8Array(5_000) }], 1_000);
    expect(await present(cache, ['a', 'b'])).toEqual(['a']);
  });

  it('goes by its clock', async () => {
    let now = 0;
    const cache = new MemoryCache({ clock: { now: () => now } });
    await cache.set(kilobyte('a'), 1_000);
    now = 999;
    expect(await cache.get('a')).toBeDefined();
    now = 1_000;
    expect(await cache.get('a')).toBeUndefined();
  });
});
