import type { VectorStore } from '@millrace/ports';
import { expect, it } from 'vitest';
import { passes, type DurableHarness } from '../harness.ts';
import { expectEmpty, expectGone } from './dropping.ts';
import { Bench, dims, seeded, type ChunkSketch } from './fixtures.ts';

const rounds = 6;
/** Enough that a store which takes things away in steps needs several. */
const documents = 8;
const chunksEach = 128;

/** A collection that went stays away, and one whose drop was cut short is there whole or goes with the next call. */
export function dropDurabilityChecks(harness: () => DurableHarness<VectorStore>): void {
  it('does not bring a dropped collection back', async () => {
    const store = await harness().open();
    const on = await Bench.on(store);
    await on.put(on.of('guide', 3), {}, {});
    await store.drop(on.collection);
    await harness().kill(store);
    const again = on.over(await harness().open());
    await expectGone(again);
    await again.store.ensureCollection({ name: on.collection, dims });
    await expectEmpty(again);
  });

  it(`has a second call finish a drop that was cut short, ${rounds} times in a row`, async () => {
    const random = seeded(Date.now());
    let on = await Bench.on(await harness().open());
    const kept = await Bench.on(on.store);
    await kept.put(kept.of('guide'), {}, {});
    // The first is not cut short: killed within as long as it takes here.
    let spanMs = Infinity;
    for (let round = 0; round < rounds; round++) {
      await fill(on);
      const began = performance.now();
      const dropping = on.store.drop(on.collection).catch(() => undefined);
      await Promise.race([dropping, ...(round === 0 ? [] : [passes(random() * spanMs)])]);
      if (round === 0) spanMs = performance.now() - began;
      await harness().kill(on.store);
      await dropping;
      on = on.over(await harness().open());
      await expectWholeOrGone(on);
      await on.store.drop(on.collection);
      await expectGone(on);
      await on.store.ensureCollection({ name: on.collection, dims });
      await expectEmpty(on);
      expect(await kept.over(on.store).everything()).toHaveLength(2);
    }
  });
}

const nameOf = (at: number): string => `d${at}`;

async function fill(on: Bench): Promise<void> {
  const sketches: ChunkSketch[] = Array.from({ length: chunksEach }, () => ({
    terms: ['everywhere', 'mill'],
  }));
  for (let at = 0; at < documents; at++) await on.put(on.of(nameOf(at), 1), ...sketches);
}

async function expectWholeOrGone(on: Bench): Promise<void> {
  const rows = await on.store.audit(on.collection, on.tenant).catch(() => undefined);
  if (!rows) return expectGone(on);
  expect(rows.map(({ document, chunkIds }) => [document, chunkIds.length]).sort()).toEqual(
    Array.from({ length: documents }, (_, at) => [nameOf(at), chunksEach]),
  );
}
