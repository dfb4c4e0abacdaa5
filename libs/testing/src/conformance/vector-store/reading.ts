import { describe, expect, it } from 'vitest';
import { chunkOf, chunkUuid, dims, ids, randomUnit, seeded, type Bench } from './fixtures.ts';

/** Ranges, audits, counts and limits. */
export function readingChecks(bench: () => Promise<Bench>): void {
  describe('reading', () => {
    it('reads a range of a document by ordinal, both ends included', async () => {
      const on = await bench();
      await on.put(on.of('guide', 1), ...Array.from({ length: 12 }, () => ({})));
      await on.put(on.of('other', 1), {}, {}, {});
      const range = await on.store.range(on.collection, on.of('guide'), 8, 10);
      expect(range.map(({ document, ordinal }) => [document, ordinal])).toEqual([
        ['guide', 8],
        ['guide', 9],
        ['guide', 10],
      ]);
      expect(await on.store.range(on.collection, on.of('guide'), 10, 99)).toHaveLength(2);
      expect(await on.store.range(on.collection, on.of('unknown'), 0, 99)).toEqual([]);
      expect(await on.store.range(on.collection, on.of('guide', 1, 'tenant-b'), 0, 99)).toEqual([]);
    });

    it('brings the vectors of hits where it is asked to', async () => {
      const on = await bench();
      const vectors = [randomUnit(seeded(1)), randomUnit(seeded(2)), randomUnit(seeded(3))];
      await on.put(on.of('guide', 1), ...vectors.map((vector) => ({ vector, terms: ['mill'] })));
      const asked = { vector: vectors[1]!, terms: ['mill'], limit: 2 };
      for (const hit of await on.search({ ...asked, vectors: true, explain: true }))
        for (const [at, value] of vectors[hit.ordinal]!.entries())
          expect(hit.vector![at]).toBeCloseTo(value, 5);
      for (const hit of await on.search(asked)) expect(hit).not.toHaveProperty('vector');
    });

    it('reads only the live version', async () => {
      const on = await bench();
      await on.put(on.of('guide', 1), {}, {}, {});
      await on.put(on.of('guide', 2), {});
      await on.stage(on.of('guide', 3), [{}, {}]);
      const range = await on.store.range(on.collection, on.of('guide'), 0, 9);
      expect(range.map(({ version }) => version)).toEqual([2]);
    });

    it('lists live versions and their chunks in pages', async () => {
      const on = await bench();
      const names = ['a', 'b', 'b/c', 'd', 'ü'];
      for (const name of names) await on.put(on.of(name, 2), {}, {});
      await on.store.remove(on.collection, on.of('d', 3));
      await on.put(on.of('hidden', 1, 'tenant-b'), {});
      const seen: string[] = [];
      for (let after: string | undefined; ; after = seen.at(-1)) {
        const page = await on.store.audit(on.collection, on.tenant, after, 2);
        for (const { document, versions, chunkIds } of page) {
          seen.push(document);
          expect(versions).toEqual([2]);
          const whole = [0, 1].map((ordinal) => chunkUuid(on.of(document, 2), ordinal));
          expect([...chunkIds].sort()).toEqual(whole.sort());
        }
        if (page.length === 0) break;
      }
      expect([...seen].sort()).toEqual(['a', 'b', 'b/c', 'ü']);
    });

    it('keeps a collection that is ensured again, and refuses other dimensions', async () => {
      const on = await bench();
      await on.put(on.of('guide'), {});
      await on.store.ensureCollection({ name: on.collection, dims });
      expect(await on.everything()).toHaveLength(1);
      await expect(on.store.ensureCollection({ name: on.collection, dims: dims * 2 })).rejects.toThrow();
    });

    it('refuses a collection that is not there and vectors of other dimensions', async () => {
      const on = await bench();
      const version = on.of('guide');
      const short = { ...chunkOf(version, 0), vector: randomUnit(undefined, dims / 2) };
      await expect(on.store.stage(on.collection, version, [short])).rejects.toThrow();
      await expect(on.store.stage('nowhere', version, [chunkOf(version, 0)])).rejects.toThrow();
      await expect(on.store.publish('nowhere', version, 1)).rejects.toThrow();
      await expect(on.search({ vector: short.vector })).rejects.toThrow();
      expect(await on.everything()).toEqual([]);
    });

    it('holds to its limits and refuses what goes beyond', async () => {
      const on = await bench();
      const { maxBatch, maxTopK, maxDims } = on.store.limits;
      const version = on.of('guide');
      const chunks = Array.from({ length: maxBatch + 1 }, (_, ordinal) => chunkOf(version, ordinal));
      await expect(on.store.stage(on.collection, version, chunks)).rejects.toThrow();
      await on.store.stage(on.collection, version, chunks.slice(0, maxBatch));
      await on.store.publish(on.collection, version, maxBatch);
      await expect(on.everything({ limit: maxTopK + 1 })).rejects.toThrow();
      expect(await on.everything()).toHaveLength(Math.min(maxBatch, maxTopK));
      await expect(on.store.ensureCollection({ name: 'too-wide', dims: maxDims + 1 })).rejects.toThrow();
    });

    it('takes as many dimensions as it says, and any number below', async () => {
      const on = await bench();
      for (const width of [3, on.store.limits.maxDims]) {
        const name = `${on.collection}-${width}`;
        await on.store.ensureCollection({ name, dims: width });
        const chunks = [0, 1].map((ordinal) => ({
          ...chunkOf(on.of('guide'), ordinal),
          vector: randomUnit(undefined, width),
        }));
        await on.store.stage(name, on.of('guide'), chunks);
        await on.store.publish(name, on.of('guide'), 2);
        const query = { tenant: on.tenant, access: [], fusion: 'dbsf', limit: 1 } as const;
        const hits = await on.store.search(name, { ...query, vector: chunks[1]!.vector });
        expect(ids(hits)).toEqual([chunks[1]!.id]);
        expect(hits[0]!.score).toBeCloseTo(1, 5);
      }
    });

    it('says that it is healthy', async () => {
      const on = await bench();
      expect(await on.store.healthy()).toBe(true);
    });
  });
}
