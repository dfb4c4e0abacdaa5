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
    const setFor = (owner: string, keys: readonly string[], ttlMs = minuteMs): Promise<void> =>
      cache.set(
        keys.map((key) => ({ key: prefix + key, value: utf8(key), owners: [owner] })),
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

    it('forgets what was set for an owner, and nothing else', async () => {
      const [ada, bob] = [`${prefix}acme/a*`, `${prefix}acme/a`];
      await setAll(['of nobody']);
      await setFor(ada, ['a', 'b']);
      await setFor(ada, ['c']);
      await setFor(bob, ['d']);
      expect(await cache.forget(ada)).toBe(3);
      expect(await getAll(['a', 'b', 'c', 'd', 'of nobody'])).toEqual([
        ...[undefined, undefined, undefined, 'd', 'of nobody'],
      ]);
      expect(await cache.forget(ada)).toBe(0);
    });

    it('keeps nothing that comes late for an owner that was forgotten', async () => {
      const [ada, bob] = [`${prefix}ada`, `${prefix}bob`];
      await cache.forget(ada);
      await cache.set(
        [[ada], [bob], [bob, ada]].map((owners) => ({ key: `${owners.join()}:a`, value: utf8('a'), owners })),
        minuteMs,
      );
      expect(await cache.get(`${ada}:a`)).toBeUndefined();
      expect(await cache.get(`${bob},${ada}:a`)).toBeUndefined();
      expect(await cache.get(`${bob}:a`)).toBeDefined();
    });

    it('forgets what was set in one go for several owners, by owner', async () => {
      const entries = ['a', 'b', 'c', 'd'].map((key, index) => ({
        key: prefix + key,
        value: utf8(key),
        owners: [`${prefix}${index % 2 ? 'odd' : 'even'}`],
      }));
      await cache.set(entries, minuteMs);
      expect(await cache.forget(`${prefix}even`)).toBe(2);
      expect(await getAll(['a', 'b', 'c', 'd'])).toEqual([undefined, 'b', undefined, 'd']);
    });

    it('forgets an entry of several with any of them, once', async () => {
      const [ada, bob, cleo] = [`${prefix}ada`, `${prefix}bob`, `${prefix}cleo`];
      const entry = (key: string, ...owners: string[]) => ({ key: prefix + key, value: utf8(key), owners });
      await cache.set([entry('a', ada, bob), entry('b', bob, cleo), entry('c', cleo)], minuteMs);
      expect(await cache.forget(ada)).toBe(1);
      expect(await getAll(['a', 'b', 'c'])).toEqual([undefined, 'b', 'c']);
      expect(await cache.forget(bob)).toBe(1);
      expect(await cache.forget(cleo)).toBe(1);
      expect(await getAll(['a', 'b', 'c'])).toEqual([undefined, undefined, undefined]);
    });

    it('forgets thousands', async () => {
      const keys = Array.from({ length: 1_234 }, (_, index) => `many${index}`);
      await setFor(`${prefix}owner`, keys);
      expect(await cache.forget(`${prefix}owner`)).toBe(keys.length);
      expect(await getAll(keys)).toEqual(keys.map(() => undefined));
    });

    it('finds what an owner has after shorter-lived entries of its own were set', async () => {
      await setFor(`${prefix}owner`, ['long']);
      await setFor(`${prefix}owner`, ['short'], 50);
      await until(async () => expect(await getAll(['short'])).toEqual([undefined]), patience());
      expect(await cache.forget(`${prefix}owner`)).toBe(1);
      expect(await getAll(['long'])).toEqual([undefined]);
    });

    const patience = (): number => harness.patienceMs ?? defaultPatienceMs;
  });
}
