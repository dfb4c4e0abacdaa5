import type { SearchExplanation } from '@millrace/contracts';
import type { SearchHit } from '@millrace/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSeed, seedNote } from '../seed.ts';
import { ids, randomUnit, seeded, type Bench } from './fixtures.ts';
import { someQuestion, someWeights } from './questions.ts';
import { randomCorpus } from './random-corpus.ts';

/** What a hit says of its score is what its score is. */
export function explanationChecks(bench: () => Promise<Bench>): void {
  describe(`explanations (${seedNote})`, () => {
    it('are enough to work out every score by hand', async () => {
      const on = (await bench()).as('tenant-a');
      await randomCorpus(on, runSeed);
      const anyWeights = fc.option(someWeights, { nil: undefined });
      const anyFusion = fc.constantFrom('dbsf' as const, 'rrf' as const);
      await fc.assert(
        fc.asyncProperty(someQuestion, anyFusion, anyWeights, async (question, fusion, weights) => {
          const query = { ...question, vector: randomUnit(seeded(question.vector)), fusion, weights };
          const hits = await on.search({ ...query, explain: true });
          for (const { score, explanation } of hits) {
            expect(explanation).toMatchObject({ fusion });
            expect(byHand(explanation!)).toBeCloseTo(score, 9);
            expect(explanation!.fused).toBeCloseTo(score, 12);
          }
          expect(hits.map(withoutExplanation)).toEqual(await on.search(query));
        }),
        { numRuns: 30, seed: runSeed },
      );
    });

    it('name the side that does not have the hit, and rank both sides as they rank alone', async () => {
      const on = (await bench()).as('tenant-a');
      await randomCorpus(on, runSeed);
      const [vector, terms] = [randomUnit(seeded(runSeed)), ['weir', 'sluice']];
      const alone = {
        dense: await on.search({ vector, limit: 6 }),
        sparse: await on.search({ terms, limit: 6 }),
      };
      const hits = await on.search({ vector, terms, candidates: 6, limit: 12, explain: true });
      expect(hits.length).toBeGreaterThan(0);
      for (const { id, explanation } of hits)
        for (const side of ['dense', 'sparse'] as const) {
          const at = ids(alone[side]).indexOf(id);
          const expected = { rank: at + 1, score: alone[side][at]?.score, candidates: alone[side].length };
          expect(explanation!.absent.includes(side)).toBe(at < 0);
          if (at < 0) expect(explanation).not.toHaveProperty(side);
          else expect(explanation![side]).toMatchObject(expected);
        }
    });

    it('say of one side alone its rank and score, and of none that was not asked', async () => {
      const on = (await bench()).as('tenant-a');
      await randomCorpus(on, runSeed);
      const hits = await on.search({ terms: ['mill'], limit: 4, explain: true });
      for (const [at, { score, explanation }] of hits.entries())
        expect(explanation).toEqual({ sparse: { rank: at + 1, score, candidates: 4 }, absent: [] });
    });

    it('tell of words that nobody has that they add nothing', async () => {
      const on = (await bench()).as('tenant-a');
      await randomCorpus(on, runSeed);
      const [hit] = await on.search({ vector: randomUnit(), terms: ['nowhere'], explain: true });
      expect(hit!.explanation).toMatchObject({ absent: ['sparse'], fused: hit!.score });
    });
  });
}

/** As a person with the contract and a pocket calculator would. */
function byHand({ fusion, k, dense, sparse }: SearchExplanation): number {
  return [dense, sparse].reduce((sum, side) => {
    if (!side) return sum;
    const { rank, score, weight = NaN, mean = NaN, deviation = NaN } = side;
    if (fusion === 'rrf') return sum + (weight === 0 ? 0 : 1 / (rank / weight + k! - 1));
    return sum + weight * (deviation === 0 ? 0.5 : 0.5 + (score - mean) / (6 * deviation));
  }, 0);
}

const withoutExplanation = ({ explanation: _, ...hit }: SearchHit): SearchHit => hit;
