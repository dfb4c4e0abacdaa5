import type { Bench, ChunkSketch } from './fixtures.ts';
import { chunkUuid, randomUnit, seeded } from './fixtures.ts';
import type { PlainChunk } from './reference.ts';

export const words = ['mill', 'race', 'water', 'wheel', 'stone', 'grain', 'flour', 'sack', 'sluice', 'weir'];

const documents = 10;
const chunksEach = 4;

/**
 * Puts documents of random vectors and words into a tenant, and beside them into another tenant some of the same words
 * at quite other lengths and frequencies: statistics that mixed the two would show. The first tenant's chunks, no two
 * of one length, so that few score the same.
 */
export async function randomCorpus(on: Bench, seed: number): Promise<PlainChunk[]> {
  const random = seeded(seed);
  const sketch = (length: number): Required<Pick<ChunkSketch, 'vector' | 'terms'>> => ({
    vector: randomUnit(random),
    terms: Array.from({ length }, () => pick(random)),
  });
  const chunks: PlainChunk[] = [];
  for (let at = 0; at < documents; at++) {
    const version = on.of(`d${at}`);
    const own = Array.from({ length: chunksEach }, (_, ordinal) => sketch(3 + at + documents * ordinal));
    await on.put(version, ...own);
    for (const [ordinal, { vector, terms }] of own.entries())
      chunks.push({ id: chunkUuid(version, ordinal), vector: [...vector], terms });
  }
  await on.put(on.of('d0', 1, 'tenant-b'), ...[90, 91, 92, 93].map(sketch));
  return chunks;
}

/** Some words much more often than others. */
const pick = (random: () => number): string => words[Math.floor(random() ** 2 * words.length)]!;
