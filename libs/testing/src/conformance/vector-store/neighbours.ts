import type { SearchHit } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { chunkUuid, ids, randomUnit, type Bench, type ChunkSketch } from './fixtures.ts';

/** The chunks around a hit. */
export function neighbourChecks(bench: () => Promise<Bench>): void {
  /** Of the one hit for `here`, the ordinals around it. */
  const around = async (on: Bench, query: Parameters<Bench['search']>[0]): Promise<number[]> => {
    const hits = await on.search({ terms: ['here'], ...query });
    expect(hits).toHaveLength(1);
    return hits[0]!.around!.map(({ ordinal }) => ordinal);
  };
  const guide = (
    length: number,
    at: number,
    more: Readonly<Record<number, ChunkSketch>> = {},
  ): ChunkSketch[] =>
    Array.from({ length }, (_, ordinal) => ({
      terms: [ordinal === at ? 'here' : 'there'],
      ...more[ordinal],
    }));

  describe('neighbours', () => {
    it('are those on either side by ordinal, as many as there are', async () => {
      const on = await bench();
      await on.put(on.of('guide'), ...guide(12, 10));
      await on.put(on.of('other'), ...guide(12, 99));
      await on.put(on.of('guide', 1, 'tenant-b'), ...guide(14, 99));
      expect(await around(on, { neighbours: 1 })).toEqual([9, 11]);
      expect(await around(on, { neighbours: 4 })).toEqual([6, 7, 8, 9, 11]);
      const [hit] = await on.search({ terms: ['here'], neighbours: 2 });
      expect(ids(hit!.around!)).toEqual([8, 9, 11].map((ordinal) => chunkUuid(on.of('guide'), ordinal)));
      for (const neighbours of [undefined, 0])
        expect((await on.search({ terms: ['here'], neighbours }))[0]).not.toHaveProperty('around');
    });

    it('show what a range of the document shows, and change no hit', async () => {
      const on = await bench();
      await on.put(on.of('guide'), ...guide(6, 2));
      const plain = await on.search({ terms: ['here'] });
      const [{ around: near, ...hit }] = (await on.search({ terms: ['here'], neighbours: 1 })) as [SearchHit];
      expect([hit]).toEqual(plain);
      const range = await on.store.range(on.collection, on.of('guide'), 1, 3);
      for (const [at, chunk] of [range[0], range[2]].entries())
        expect(near![at]).toMatchObject({
          ...{ id: chunk!.id, ordinal: chunk!.ordinal, text: chunk!.text },
          ...{ start: chunk!.start, end: chunk!.end, headings: chunk!.headings },
        });
    });

    it('are only those that the access list admits, whatever the filter is for', async () => {
      const on = await bench();
      const secret = { acl: ['user:ann'] };
      await on.put(on.of('guide'), ...guide(5, 2, { 1: secret, 2: { metadata: { pick: true } } }));
      const filter = { pick: true };
      expect(await around(on, { neighbours: 2, filter })).toEqual([0, 3, 4]);
      expect(await around(on, { neighbours: 2, filter, access: ['user:bob'] })).toEqual([0, 3, 4]);
      expect(await around(on, { neighbours: 2, filter, access: ['user:ann'] })).toEqual([0, 1, 3, 4]);
    });

    it('are there for each of several hits of a document', async () => {
      const on = await bench();
      await on.put(on.of('guide'), {}, {}, {});
      const hits = await on.everything({ neighbours: 1 });
      const near = hits.map((hit) => [hit.ordinal, hit.around!.map(({ ordinal }) => ordinal)]);
      expect(new Map(near as [number, number[]][])).toEqual(
        new Map([
          [0, [1]],
          [1, [0, 2]],
          [2, [1]],
        ]),
      );
    });

    it('are of the version of the hit, however fast that changes', async () => {
      const on = await bench();
      const sketches = (version: number) => Array.from({ length: 3 + (version % 3) }, () => ({}));
      await on.put(on.of('guide', 1), ...sketches(1));
      let done = false;
      const reading = (async () => {
        for (let look = 0; !done; look++) {
          const query = look % 2 ? { vector: randomUnit() } : {};
          for (const hit of await on.everything({ ...query, neighbours: 1 })) {
            const last = sketches(hit.version).length - 1;
            const near = [hit.ordinal - 1, hit.ordinal + 1].filter((at) => at >= 0 && at <= last);
            const due = near.map((at) => chunkUuid(on.of('guide', hit.version), at));
            expect(ids(hit.around!)).toEqual(due);
          }
        }
      })();
      const writing = (async () => {
        for (let version = 2; version <= 25; version++)
          await on.put(on.of('guide', version), ...sketches(version));
      })().finally(() => (done = true));
      await Promise.all([writing, reading]);
    });

    it('are not of what was staged and not published', async () => {
      const on = await bench();
      await on.stage(on.of('guide'), guide(5, 1));
      await on.store.publish(on.collection, on.of('guide'), 3);
      await on.stage(on.of('guide', 2), guide(8, 1));
      expect(await around(on, { neighbours: 5 })).toEqual([0, 2]);
    });
  });
}
