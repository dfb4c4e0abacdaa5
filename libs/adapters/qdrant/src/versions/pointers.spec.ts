import { describe, expect, it } from 'vitest';
import type { Collection } from '../collection/collection.ts';
import { pointerId, published, toPayload, type Pointer } from './pointer.ts';
import { Pointers } from './pointers.ts';

const version = { tenant: 'acme', document: 'a', version: 1 };

/** A collection in which one pointer says what the test wants. */
function collectionOf(said: () => Pointer): Collection {
  const retrieve = async () => [{ id: pointerId(version), payload: toPayload(said()) }];
  const run = (ask: (client: unknown, name: string) => Promise<unknown>) => ask({ retrieve }, 'model');
  return { name: 'model', run } as unknown as Collection;
}

describe('pointers', () => {
  it('are steady when they were known to say the same before', async () => {
    const first = published(version, 2);
    let said = first;
    const pointers = new Pointers();
    const isSteady = async (): Promise<boolean> => {
      const readings = await pointers.read(
        collectionOf(() => said),
        [version],
        performance.now(),
      );
      return readings.get('a')!.steady;
    };
    expect([await isSteady(), await isSteady()]).toEqual([false, true]);
    // As in a collection that was dropped and made anew: the same version, said again.
    said = { ...first, at: first.at + 1 };
    expect([await isSteady(), await isSteady()]).toEqual([false, true]);
  });
});
