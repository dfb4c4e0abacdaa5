import type { AuditRow, VectorStore } from '@millrace/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { passes, until, type DurableHarness } from '../harness.ts';
import { dropDurabilityChecks } from './drop-durability.ts';
import { Bench, chunkUuid, ids, seeded, type ChunkSketch } from './fixtures.ts';

/** What was begun and what was acknowledged for one document. */
interface Progress {
  /** The newest version whose publication, or removal, was begun. */
  begun: number;
  acknowledged: number;
}

const documentNames = ['d0', 'd1', 'd2', 'd3'];
/** For the first write of each document. */
const patienceMs = 30_000;
/** Every fourth version is a removal. */
const isRemoval = (version: number): boolean => version % 4 === 0;
const sizeOf = (version: number): number => 1 + ((version * 7) % 5);

/** What a store acknowledged outlives `kill -9`, and what it did not is there whole or not at all. */
export function vectorStoreDurability(
  name: string,
  factory: () => Promise<DurableHarness<VectorStore>>,
  rounds = 10,
): void {
  describe(`${name} killed`, () => {
    let harness: DurableHarness<VectorStore>;
    beforeEach(async () => {
      harness = await factory();
    });
    afterEach(() => harness.dispose());

    it('keeps what it acknowledged', async () => {
      let store = await harness.open();
      const on = await Bench.on(store);
      await on.put(on.of('kept', 1), {}, {});
      await on.put(on.of('gone', 1), {});
      await store.remove(on.collection, on.of('gone', 2));
      await on.stage(on.of('half', 1), [{}, {}]);
      await harness.kill(store);
      store = await harness.open();
      const again = on.over(store);
      expect((await again.everything()).map(({ document }) => document)).toEqual(['kept', 'kept']);
      expect((await store.publish(on.collection, on.of('half', 1), 2)).outcome).toBe('published');
      await again.stage(on.of('gone', 1), [{}]);
      expect((await store.publish(on.collection, on.of('gone', 1), 1)).outcome).toBe('superseded');
    });

    it(`leaves every document whole, old or new, ${rounds} times in a row`, async () => {
      const random = seeded(Date.now());
      const progress = new Map(documentNames.map((document) => [document, { begun: 0, acknowledged: 0 }]));
      let store = await harness.open();
      let on = await Bench.on(store);
      // Killed within twice the time that the first writes of all documents take here: a machine may be slow.
      let spanMs = 0;
      for (let round = 0; round < rounds; round++) {
        const began = performance.now();
        const writing = documentNames.map((document) =>
          writeUntilKilled(on, document, progress.get(document)!),
        );
        if (round === 0) {
          await until(() => expect(isEachAcknowledged(progress)).toBe(true), patienceMs);
          spanMs = 2 * (performance.now() - began);
        } else await passes(random() * spanMs);
        await harness.kill(store);
        await Promise.all(writing);
        store = await harness.open();
        on = on.over(store);
        await checkAll(on, progress);
      }
    });

    dropDurabilityChecks(() => harness);
  });
}

const isEachAcknowledged = (progress: ReadonlyMap<string, Progress>): boolean =>
  [...progress.values()].every(({ acknowledged }) => acknowledged > 0);

/** The next versions of a document, one after the other, until a call fails. */
async function writeUntilKilled(on: Bench, document: string, progress: Progress): Promise<void> {
  try {
    for (;;) {
      const version = on.of(document, ++progress.begun);
      if (isRemoval(version.version)) await on.store.remove(on.collection, version);
      else await on.put(version, ...sketchesOf(document, version.version));
      progress.acknowledged = version.version;
    }
  } catch {
    // The store was killed.
  }
}

const sketchesOf = (document: string, version: number): ChunkSketch[] =>
  Array.from({ length: sizeOf(version) }, () => ({ terms: ['everywhere', document] }));

async function checkAll(on: Bench, progress: ReadonlyMap<string, Progress>): Promise<void> {
  const rows = new Map((await on.store.audit(on.collection, on.tenant)).map((row) => [row.document, row]));
  for (const [document, { begun, acknowledged }] of progress) {
    const found = ids(await on.search({ terms: [document], limit: 100 }));
    const row = rows.get(document);
    expect(new Set(row?.chunkIds ?? [])).toEqual(new Set(found));
    checkWhole(on, document, row, begun, acknowledged);
  }
  const visible = [...rows.values()].reduce((sum, { chunkIds }) => sum + chunkIds.length, 0);
  expect(await on.store.count(on.collection, on.tenant)).toBe(visible);
}

function checkWhole(
  on: Bench,
  document: string,
  row: AuditRow | undefined,
  begun: number,
  acknowledged: number,
): void {
  const last = row?.versions[0];
  if (last === undefined) {
    const removals = Array.from({ length: begun - acknowledged + 1 }, (_, step) => acknowledged + step);
    return expect(removals.some((version) => version === 0 || isRemoval(version))).toBe(true);
  }
  expect(row!.versions).toHaveLength(1);
  expect(last).toBeGreaterThanOrEqual(acknowledged);
  expect(last).toBeLessThanOrEqual(begun);
  const whole = Array.from({ length: sizeOf(last) }, (_, ordinal) =>
    chunkUuid(on.of(document, last), ordinal),
  );
  expect(new Set(row!.chunkIds)).toEqual(new Set(whole));
}
