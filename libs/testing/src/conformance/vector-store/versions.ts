import { describe, expect, it } from 'vitest';
import { chunkOf, chunkUuid, documents, ids, randomUnit, type Bench } from './fixtures.ts';

/** What is visible when: staging, publishing, removing, late and repeated. */
export function versionChecks(bench: () => Promise<Bench>): void {
  describe('versions', () => {
    it('shows nothing of a staged version until it is published', async () => {
      const on = await bench();
      await on.stage(on.of('guide'), [{}, {}]);
      expect(await on.everything()).toEqual([]);
      expect(await on.store.count(on.collection, on.tenant)).toBe(0);
      expect(await on.store.audit(on.collection, on.tenant)).toEqual([]);
      expect(await on.store.publish(on.collection, on.of('guide'), 2)).toEqual({
        outcome: 'published',
        removed: 0,
      });
      expect(await on.everything()).toHaveLength(2);
      expect(await on.store.count(on.collection, on.tenant)).toBe(2);
    });

    it('gives back every field of a chunk', async () => {
      const on = await bench();
      const version = on.of('ü/handbuch 🧀', 3);
      const metadata = { team: 'search', year: 2024, open: true, tags: ['a', 'b'], rate: -0.5 };
      const chunk = chunkOf(version, 0, { title: 'Käse', text: 'Zeile\n„eins“ \u0000 😀', metadata });
      await on.store.stage(on.collection, version, [{ ...chunk, page: 7, gap: '\n\n' }]);
      await on.store.publish(on.collection, version, 1);
      const [hit] = await on.everything();
      const { vector: _vector, terms: _terms, acl: _acl, ...content } = chunk;
      expect(hit).toEqual({
        ...content,
        page: 7,
        gap: '\n\n',
        document: version.document,
        version: 3,
        score: expect.any(Number) as number,
      });
    });

    it('replaces a version whole by the next one', async () => {
      const on = await bench();
      await on.put(on.of('guide', 1), {}, {}, {});
      await on.stage(on.of('guide', 2), [{}, {}]);
      expect((await on.everything()).map(({ version }) => version)).toEqual([1, 1, 1]);
      expect(await on.store.publish(on.collection, on.of('guide', 2), 2)).toEqual({
        outcome: 'published',
        removed: 3,
      });
      expect((await on.everything()).map(({ version }) => version)).toEqual([2, 2]);
    });

    it('takes chunks in several batches', async () => {
      const on = await bench();
      const version = on.of('guide');
      for (const ordinal of [0, 1, 2])
        await on.store.stage(on.collection, version, [chunkOf(version, ordinal)]);
      await on.store.publish(on.collection, version, 3);
      expect(await on.everything()).toHaveLength(3);
    });

    it('replaces a chunk that is staged again', async () => {
      const on = await bench();
      await on.stage(on.of('guide'), [{ text: 'first try' }]);
      await on.stage(on.of('guide'), [{ text: 'second try' }]);
      await on.store.publish(on.collection, on.of('guide'), 1);
      expect((await on.everything()).map(({ text }) => text)).toEqual(['second try']);
    });

    it('refuses to publish a version of which chunks are missing, and leaves the old one in place', async () => {
      const on = await bench();
      await on.put(on.of('guide', 1), {});
      await on.stage(on.of('guide', 2), [{}, {}]);
      await expect(on.store.publish(on.collection, on.of('guide', 2), 3)).rejects.toMatchObject({
        code: 'internal',
      });
      expect((await on.everything()).map(({ version }) => version)).toEqual([1]);
      expect((await on.store.publish(on.collection, on.of('guide', 2), 2)).outcome).toBe('published');
    });

    it('is unmoved by repetitions', async () => {
      const on = await bench();
      for (let round = 0; round < 3; round++) {
        await on.stage(on.of('guide'), [{}, {}]);
        const { outcome } = await on.store.publish(on.collection, on.of('guide'), 2);
        expect(outcome).toBe('published');
      }
      expect(await on.everything()).toHaveLength(2);
      expect(await on.store.count(on.collection, on.tenant)).toBe(2);
    });

    it('never goes back to an older version that comes late', async () => {
      const on = await bench();
      await on.stage(on.of('guide', 1), [{}]);
      await on.put(on.of('guide', 2), {}, {});
      expect(await on.store.publish(on.collection, on.of('guide', 1), 1)).toEqual({
        outcome: 'superseded',
        removed: 0,
      });
      await on.stage(on.of('guide', 1), [{}]);
      expect((await on.store.publish(on.collection, on.of('guide', 1), 1)).outcome).toBe('superseded');
      expect((await on.everything()).map(({ version }) => version)).toEqual([2, 2]);
    });

    it('skips versions that never came', async () => {
      const on = await bench();
      await on.put(on.of('guide', 1), {});
      await on.put(on.of('guide', 7), {});
      expect((await on.everything()).map(({ version }) => version)).toEqual([7]);
    });

    it('removes a document once and says how many chunks went', async () => {
      const on = await bench();
      await on.put(on.of('guide', 1), {}, {});
      await on.put(on.of('other', 1), {});
      expect(await on.store.remove(on.collection, on.of('guide', 2))).toEqual({ removed: 2 });
      expect(await on.store.remove(on.collection, on.of('guide', 2))).toEqual({ removed: 0 });
      expect(documents(await on.everything())).toEqual(['other']);
      expect(await on.store.count(on.collection, on.tenant)).toBe(1);
      expect(await on.store.range(on.collection, on.of('guide'), 0, 9)).toEqual([]);
    });

    it('lets nothing at or below a tombstone come back', async () => {
      const on = await bench();
      await on.stage(on.of('guide', 1), [{}]);
      await on.store.remove(on.collection, on.of('guide', 2));
      for (const version of [1, 2]) {
        await on.stage(on.of('guide', version), [{}]);
        const { outcome } = await on.store.publish(on.collection, on.of('guide', version), 1);
        expect(outcome).toBe('superseded');
      }
      expect(await on.everything()).toEqual([]);
    });

    it('keeps a tombstone of a document that it never saw', async () => {
      const on = await bench();
      expect(await on.store.remove(on.collection, on.of('ghost', 5))).toEqual({ removed: 0 });
      await on.stage(on.of('ghost', 4), [{}]);
      expect((await on.store.publish(on.collection, on.of('ghost', 4), 1)).outcome).toBe('superseded');
    });

    it('shows a version above the tombstone', async () => {
      const on = await bench();
      await on.store.remove(on.collection, on.of('guide', 2));
      await on.put(on.of('guide', 3), {});
      expect((await on.everything()).map(({ version }) => version)).toEqual([3]);
    });

    it('is not touched by a removal that comes late', async () => {
      const on = await bench();
      await on.put(on.of('guide', 3), {});
      expect(await on.store.remove(on.collection, on.of('guide', 2))).toEqual({ removed: 0 });
      expect((await on.everything()).map(({ version }) => version)).toEqual([3]);
    });

    it('keeps documents, tenants and collections apart', async () => {
      const [on, elsewhere] = [await bench(), await bench()];
      await on.put(on.of('guide', 2), {});
      await on.put(on.of('guide', 1, 'tenant-b'), {});
      await elsewhere.store.stage(elsewhere.collection, on.of('guide', 1), [chunkOf(on.of('guide', 1), 0)]);
      await elsewhere.store.publish(elsewhere.collection, on.of('guide', 1), 1);
      await on.store.remove(on.collection, on.of('guide', 2));
      expect(await on.everything({ tenant: 'tenant-b' })).toHaveLength(1);
      expect(await elsewhere.everything({ tenant: on.tenant })).toHaveLength(1);
    });

    it('shows concurrent searches one whole version or the next', async () => {
      const on = await bench();
      const sizes = [3, 1, 5, 2, 4];
      const sizeOf = (version: number): number => sizes[version % sizes.length]!;
      const sketches = (version: number) => Array.from({ length: sizeOf(version) }, () => ({}));
      await on.put(on.of('guide', 1), ...sketches(1));
      let done = false;
      const reading = (async () => {
        for (let look = 0; !done; look++) {
          const hits = await on.everything(look % 2 ? { vector: randomUnit() } : {});
          const version = hits[0]!.version;
          const whole = Array.from({ length: sizeOf(version) }, (_, at) =>
            chunkUuid(on.of('guide', version), at),
          );
          expect(new Set(ids(hits))).toEqual(new Set(whole));
        }
      })();
      const writing = (async () => {
        for (let version = 2; version <= 40; version++)
          await on.put(on.of('guide', version), ...sketches(version));
      })().finally(() => (done = true));
      await Promise.all([writing, reading]);
      expect(await on.store.count(on.collection, on.tenant)).toBe(sizeOf(40));
    });

    it('ends with the newest version whatever the order of concurrent writers', async () => {
      const on = await bench();
      const order = [4, 1, 6, 3, 5, 2];
      await Promise.all(order.map((version) => on.put(on.of('guide', version), {}, {})));
      expect((await on.everything()).map(({ version }) => version)).toEqual([6, 6]);
    });
  });
}
