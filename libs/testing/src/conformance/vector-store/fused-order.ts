import type { FusionMethod, FusionWeights } from '@millrace/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSeed, seedNote } from '../seed.ts';
import { ids, randomUnit, seeded, type Bench } from './fixtures.ts';
import { someQuestion, someWeights, someWords } from './questions.ts';
import { randomCorpus } from './random-corpus.ts';
import { byBm25, byCosine, fusedBy, inOrder, type Place } from './reference.ts';

/** Rankings of random chunks beside those of a reference that looks at every chunk. */
export function fusedOrderChecks(bench: () => Promise<Bench>): void {
  describe(`ranking as a look at every chunk does (${seedNote})`, () => {
    it('scores words by how often the tenant’s own chunks have them, and by its own mean length', async () => {
      const on = (await bench()).as('tenant-a');
      const chunks = await randomCorpus(on, runSeed);
      await fc.assert(
        fc.asyncProperty(someWords, async (terms) => {
          const expected = byBm25(chunks, terms);
          fc.pre(isDecided(expected));
          agree(await on.search({ terms, limit: chunks.length }), expected);
        }),
        { numRuns: 40, seed: runSeed },
      );
    });

    it.each<[FusionMethod, string, fc.Arbitrary<FusionWeights | undefined>]>([
      ['dbsf', 'without weights', fc.constant(undefined)],
      ['dbsf', 'with weights', someWeights],
      ['rrf', 'without weights', fc.constant(undefined)],
      ['rrf', 'with weights', someWeights],
    ])('fuses by %s %s', async (fusion, _which, anyWeights) => {
      const on = (await bench()).as('tenant-a');
      const chunks = await randomCorpus(on, runSeed);
      await fc.assert(
        fc.asyncProperty(someQuestion, anyWeights, async (question, weights) => {
          const { candidates, limit, terms } = question;
          const vector = randomUnit(seeded(question.vector));
          const sides = { dense: byCosine(chunks, [...vector]), sparse: byBm25(chunks, terms) };
          const cut = { dense: sides.dense.slice(0, candidates), sparse: sides.sparse.slice(0, candidates) };
          const expected = fusedBy(fusion, cut, weights);
          fc.pre(isDecided(sides.dense) && isDecided(sides.sparse));
          const hits = await on.search({ vector, terms, fusion, weights, candidates, limit });
          agree(hits, expected, limit);
        }),
        { numRuns: 40, seed: runSeed },
      );
    });
  });
}

/** Stores may reckon in 32 bits, and add up in any order: scores that are nearer than that have no order. */
const tolerance = 1e-6;

const isDecided = (places: readonly Place[]): boolean =>
  places.every(({ score }, at) => at === 0 || places[at - 1]!.score - score > tolerance);

/** The hits are the best of those expected, whichever of equal ones comes first, and in order by their own scores. */
function agree(hits: readonly Place[], expected: readonly Place[], limit = expected.length): void {
  const due = new Map(expected.map(({ id, score }) => [id, score]));
  expect(hits).toHaveLength(Math.min(limit, expected.length));
  expect(new Set(ids(hits)).size).toBe(hits.length);
  for (const [rank, { id, score }] of hits.entries()) {
    expect(score).toBeCloseTo(expected[rank]!.score, 4);
    expect(Math.abs(due.get(id)! - expected[rank]!.score)).toBeLessThan(tolerance);
  }
  expect(ids(inOrder(hits))).toEqual(ids(hits));
}
