import { setImmediate as nextTurn } from 'node:timers/promises';

/** Numbers turned into JSON in one go: about 5 ms. */
const numbersAtOnce = 16_384;

/** Cuts a list so that each part has a bounded number of vector components, and lets other work go between the parts. */
export async function* inBatches<T>(items: readonly T[], dims: number): AsyncGenerator<readonly T[]> {
  const size = Math.max(1, Math.floor(numbersAtOnce / dims));
  for (let at = 0; at < items.length; at += size) {
    yield items.slice(at, at + size);
    await nextTurn();
  }
}
