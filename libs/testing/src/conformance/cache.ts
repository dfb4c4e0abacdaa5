import type { Cache } from '@millrace/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultPatienceMs, text, unique, until, utf8, type Harness } from './harness.ts';

const minuteMs = 60_000;

/** Holds an adapter to every promise of `Cache`; it must have room for 4 MiB. */
export function cacheConformance(name: string, factory: () => Promise<Harness<Cache>>): void {
  describe(`${name} as a cache`, () => {
    let harness: Harness<Cache>;
    let cache: Cache;
    /** Of the keys of this test alone. */
    let prefix: string;

    beforeEach(async () => {
      harness = await factory();
      cache = await harness.open();
      prefix = `${unique('test')}:`;
    });
    afterEach(() => harness.dispose());

    const setAll = (keys: readonly string[], ttlMs = minuteMs): Promise<void> =>
      cache.set(
        keys.map((key) => ({ key: prefix + key, value: utf8(key) })),
        ttlMs,
      );
    const getAll = async (keys: readonly string[]): Promise<(string | undefined)[]> => {
      const values = await cache.getMany(keys.map((key) => prefix + key));
      return values.map((value) => value && text(value));
    };

    it('gives back the bytes that were set', async () => {
      const value = Uint8Array.from({ length: 256 }, (_, index) => index);
      await cache.set([{ key: `${prefix}käse 🧀`, value }], minuteMs);
      const found = await cache.get(`${prefix}käse 🧀`);
      expect(found && new Uint8Array(found)).toEqual(value);
      expect(await cache.get(`${prefix}none`)).toBeUndefined();
    });

    it('gives many in the order asked for, undefined where there is none', async () => {
      await setAll(['a', 'b', 'c']);
      expect(await getAll(['c', 'none', 'a', 'a'])).toEqual(['c', undefined, 'a', 'a']);
    });

    it('takes empty values, empty lists and many entries', async () => {
      await cache.set([], minuteMs);
      await cache.delete([]);
      expect(await cache.getMany([])).toEqual([]);
      await cache.set([{ key: `${prefix}empty`, value: new Uint8Array(0) }], minuteMs);
      expect(await cache.get(`${prefix}empty`)).toHaveLength(0);
      const keys = Array.from({ length: 2_000 }, (_, index) => `many${index}`);
      await setAll(keys);
      expect(await getAll(keys)).toEqual(keys);
    });

    it('replaces value and time to live', async () => {
      await cache.set([{ key: `${prefix}a`, value: utf8('old') }], 150);
      await cache.set([{ key: `${prefix}a`, value: utf8('new') }], minuteMs);
      await setAll(['marker'], 300);
      await until(async () => expect(await getAll(['marker'])).toEqual([undefined]), patience());
      expect(text(await cache.get(`${prefix}a`))).toBe('new');
    });

    it('forgets an entry when its time is over, not before', async () => {
      await setAll(['short'], 400);
      await setAll(['long']);
      expect(await getAll(['short'])).toEqual(['short']);
      await until(async () => expect(await getAll(['short'])).toEqual([undefined]), patience());
      expect(await getAll(['long'])).toEqual(['long']);
    });

    it('shares no bytes with its callers', async () => {
      const value = utf8('before');
      await cache.set([{ key: `${prefix}a`, value }], minuteMs);
      value.fill(0);
      (await cache.get(`${prefix}a`))?.fill(0);
      expect(text(await cache.get(`${prefix}a`))).toBe('before');
    });

    it('deletes keys', async () => {
      await setAll(['a', 'b', 'c']);
      await cache.delete([`${prefix}a`, `${prefix}c`, `${prefix}none`]);
      expect(await getAll(['a', 'b', 'c'])).toEqual([undefined, 'b', undefined]);
    });

    it('deletes what begins with a prefix, which is no pattern', async () => {
      const kept = ['acme2:1', 'acm:1', 'ac*', 'a?me:1', '[a]cme:1', 'xacme:1'];
      await setAll(['acme:1', 'acme:2', 'acme:', ...kept]);
      expect(await cache.deleteAll(`${prefix}acme:`)).toBe(3);
      expect(await getAll(['acme:1', 'acme:2', 'acme:', ...kept])).toEqual([
        undefined,
        undefined,
        undefined,
        ...kept,
      ]);
      expect(await cache.deleteAll(`${prefix}ac*`)).toBe(1);
      expect(await cache.deleteAll(`${prefix}a?m`)).toBe(1);
      expect(await cache.deleteAll(`${prefix}[a]`)).toBe(1);
      expect(await getAll(['acme2:1', 'acm:1', 'xacme:1'])).toEqual(['acme2:1', 'acm:1', 'xacme:1']);
    });

    const patience = (): number => harness.patienceMs ?? defaultPatienceMs;
  });
}
