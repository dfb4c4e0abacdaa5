import { setImmediate as nextTurn } from 'node:timers/promises';

/** Numbers turned into JSON in one go: about 5 ms. */
const numbersAtOnce = 16_384;
/** Qdrant takes 32 MB in a request, and metadata can be 130 kB a chunk. */
const chunksAtOnce = 64;

/** Cuts a list so that each part has a bounded number of vector components, and lets other work go between the parts. */
export async function* inBatches<T>(items: readonly T[], dims: number): AsyncGenerator<readonly T[]> {
  const size = Math.min(chunksAtOnce, Math.max(1, Math.floor(numbersAtOnce / dims)));
  for (let at = 0; at < items.length; at += size) {
    yield items.slice(at, at + size);
    await nextTurn();
  }
}
