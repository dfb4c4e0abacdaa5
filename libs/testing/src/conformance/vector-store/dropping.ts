import type { VectorStore } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { chunkOf, dims, randomUnit, type Bench } from './fixtures.ts';

/**
 * Collections that go, and come anew under their names.
 * @param another a second instance on the same data
 */
export function droppingChecks(bench: () => Promise<Bench>, another: () => Promise<VectorStore>): void {
  describe('dropping a collection', () => {
    it('takes everything in it away, and nothing else', async () => {
      const [on, elsewhere] = [await bench(), await bench()];
      await elsewhere.put(elsewhere.of('guide'), {}, {});
      await fill(on);
      await on.store.drop(on.collection);
      await expectGone(on);
      expect(await elsewhere.everything()).toHaveLength(2);
      expect(await elsewhere.store.count(elsewhere.collection, elsewhere.tenant)).toBe(2);
    });

    it('may be repeated, and asked of one that never was', async () => {
      const on = await bench();
      await on.put(on.of('guide'), {});
      for (const name of [on.collection, on.collection, 'never-was']) {
        await on.store.drop(name);
        await expectGone(on, name);
      }
    });

    it('lets a search under way answer whole, or reject', async () => {
      const on = await bench();
      await on.put(on.of('guide'), {}, {}, {}, {}, {});
      const searching = Promise.all(Array.from({ length: 4 }, () => searchUntilGone(on)));
      await on.everything();
      await on.store.drop(on.collection);
      for (const { sizes, code } of await searching) {
        expect(sizes.every((size) => size === 5)).toBe(true);
        expect(code).toBe('index_missing');
      }
    });

    it('leaves nothing to one that is made anew: no chunk, no tombstone, no statistics', async () => {
      const on = await bench();
      const fresh = (await bench()).as(on.tenant);
      await fill(on);
      await renew(on);
      await expectEmpty(on);
      await expect(on.store.publish(on.collection, on.of('staged'), 1)).rejects.toThrow();
      const vector = randomUnit();
      for (const one of [on, fresh])
        await one.put(one.of('buried'), { vector, terms: ['mill', 'race'] }, { vector, terms: ['mill'] });
      const question = { vector, terms: ['mill', 'race'], explain: true };
      const expected = await fresh.search(question);
      expect(expected).toHaveLength(2);
      expect(await on.search(question)).toEqual(expected);
    });

    it('may be followed by one of other dimensions', async () => {
      const on = await bench();
      await on.put(on.of('guide'), {});
      await renew(on, dims * 2);
      await expect(on.stage(on.of('guide'), [{}])).rejects.toThrow();
      const vector = randomUnit(undefined, dims * 2);
      await on.put(on.of('guide'), { vector });
      expect(await on.search({ vector })).toHaveLength(1);
    });

    it('is noticed at once by an instance that knew the old one', async () => {
      const on = await bench();
      await on.put(on.of('guide', 3), { terms: ['mill'] }, { terms: ['mill', 'race'] });
      const other = on.over(await another());
      await lookAround(other);
      await on.store.drop(on.collection);
      await expectGone(other);
      await on.store.ensureCollection({ name: on.collection, dims });
      await expectEmpty(other);
      await other.put(other.of('guide', 1), { terms: ['everywhere', 'stone'] });
      expect((await on.everything()).map(({ version }) => version)).toEqual([1]);
      await on.put(on.of('guide', 2), {}, {});
      expect((await other.everything()).map(({ version }) => version)).toEqual([2, 2]);
      expect(await other.store.remove(other.collection, other.of('guide', 2))).toEqual({ removed: 2 });
      await expectEmpty(on);
    });

    it('lets such an instance meet one of other dimensions, and make one', async () => {
      const on = await bench();
      await on.put(on.of('guide'), {});
      const other = on.over(await another());
      await lookAround(other);
      await renew(on, dims * 2);
      const vector = randomUnit(undefined, dims * 2);
      await other.put(other.of('guide'), { vector });
      expect(await other.search({ vector })).toHaveLength(1);
      await on.store.drop(on.collection);
      await other.store.ensureCollection({ name: on.collection, dims });
      await on.put(on.of('guide'), {}, {});
      expect(await other.everything({ vector: randomUnit() })).toHaveLength(2);
    });

    it('lets such an instance find words that the old one had not, by their right scores', async () => {
      const on = await bench();
      await on.put(on.of('guide'), { terms: ['mill'] });
      const other = on.over(await another());
      expect(await other.search({ terms: ['mill'] })).toHaveLength(1);
      await renew(on);
      const chunks = Array.from({ length: 30 }, (_, at) => ({
        terms: ['sluice', ...Array<string>(at).fill('mill')],
      }));
      await on.put(on.of('guide'), ...chunks);
      const expected = await on.search({ terms: ['sluice'] });
      expect(expected.every(({ score }) => score > 0)).toBe(true);
      expect(await other.search({ terms: ['sluice'] })).toEqual(expected);
    });

    it('lets such an instance see whole versions, though their numbers come again', async () => {
      const on = await bench();
      const other = on.over(await another());
      for (const size of [3, 5, 2, 6, 4]) {
        await renew(on);
        let done = false;
        const writing = on
          .put(on.of('guide'), ...Array.from({ length: size }, () => ({})))
          .finally(() => (done = true));
        while (!done) expect([0, size]).toContain((await other.everything()).length);
        await writing;
        expect(await other.everything()).toHaveLength(size);
      }
    });
  });
}

/** What a collection can hold: visible, replaced, staged and buried, of two tenants. */
async function fill(on: Bench): Promise<void> {
  await on.put(on.of('guide', 1), {}, {}, {});
  await on.put(on.of('guide', 2), { terms: ['mill', 'everywhere'] }, { metadata: { team: 'search' } });
  await on.put(on.of('closed'), { acl: ['staff'] });
  await on.stage(on.of('staged'), [{}]);
  await on.store.remove(on.collection, on.of('buried', 7));
  await on.put(on.of('guide', 1, `${on.tenant}-b`), {});
}

async function renew(on: Bench, width = dims): Promise<void> {
  await on.store.drop(on.collection);
  await on.store.ensureCollection({ name: on.collection, dims: width });
}

async function searchUntilGone(on: Bench): Promise<{ sizes: number[]; code: unknown }> {
  const sizes: number[] = [];
  try {
    for (;;) sizes.push((await on.everything()).length);
  } catch (error) {
    return { sizes, code: (error as { code?: unknown }).code };
  }
}

/** What an instance remembers of a collection it has seen after these. */
async function lookAround(on: Bench): Promise<void> {
  await on.search({ vector: randomUnit(), terms: ['mill', 'race', 'everywhere'] });
  await on.everything();
  await on.store.range(on.collection, on.of('guide'), 0, 9);
  await on.store.count(on.collection, on.tenant);
  await on.store.audit(on.collection, on.tenant);
}

/** That every call rejects as on a collection that never was. */
export async function expectGone({ store, ...on }: Bench, name = on.collection): Promise<void> {
  const version = { tenant: on.tenant, document: 'guide', version: 9 };
  const query = { tenant: on.tenant, access: [], fusion: 'dbsf', limit: 10 } as const;
  const calls = [
    () => store.stage(name, version, [chunkOf(version, 0)]),
    () => store.publish(name, version, 1),
    () => store.remove(name, version),
    () => store.search(name, { ...query, vector: randomUnit() }),
    () => store.search(name, { ...query, terms: ['everywhere'] }),
    () => store.range(name, version, 0, 9),
    () => store.count(name, on.tenant),
    () => store.audit(name, on.tenant),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'index_missing' });
}

/** That a collection is there, and nothing in it. */
export async function expectEmpty({ store, collection, ...on }: Bench): Promise<void> {
  const query = { access: [], fusion: 'dbsf', limit: 10 } as const;
  for (const tenant of [on.tenant, `${on.tenant}-b`]) {
    expect(await store.search(collection, { ...query, tenant, vector: randomUnit() })).toEqual([]);
    expect(await store.search(collection, { ...query, tenant, terms: ['everywhere', 'mill'] })).toEqual([]);
    expect(await store.range(collection, { tenant, document: 'guide' }, 0, 9)).toEqual([]);
    expect(await store.count(collection, tenant)).toBe(0);
    expect(await store.audit(collection, tenant)).toEqual([]);
  }
}
