import type { MarginalRelevance } from '@millrace/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSeed, seedNote } from '../seed.ts';
import { ids, randomUnit, seeded, type Bench } from './fixtures.ts';
import { someQuestion } from './questions.ts';
import { randomCorpus } from './random-corpus.ts';
import { cosine, type PlainChunk } from './reference.ts';

/** What `mmr` makes of a ranking. */
export function diversityChecks(bench: () => Promise<Bench>): void {
  describe(`marginal relevance (${seedNote})`, () => {
    it.each(['both sides', 'meaning', 'words'] as const)(
      'chooses among the best by %s what the definition does, and leaves their scores',
      async (by) => {
        const on = (await bench()).as('tenant-a');
        const chunks = await randomCorpus(on, runSeed);
        await fc.assert(
          fc.asyncProperty(
            someQuestion,
            fc.double({ min: 0, max: 1, noNaN: true }),
            async (question, diversity) => {
              const query = {
                ...(by !== 'words' && { vector: randomUnit(seeded(question.vector)) }),
                ...(by !== 'meaning' && { terms: question.terms }),
                candidates: question.candidates,
              };
              const ranked = await on.search({ ...query, limit: 2 * chunks.length });
              const pool = ranked.slice(0, question.candidates);
              const expected = chosen(pool, chunks, diversity, question.limit);
              fc.pre(expected !== undefined);
              const hits = await on.search({
                ...query,
                limit: question.limit,
                mmr: { diversity },
                explain: true,
              });
              expect(ids(hits)).toEqual(ids(expected));
              for (const [at, { id, score, explanation }] of hits.entries()) {
                expect(score).toBeCloseTo(pool.find((one) => one.id === id)!.score, 6);
                expect(explanation!.mmr!.score).toBeCloseTo(expected[at]!.marginal, 5);
                expect(byHand(explanation!.mmr!, score)).toBeCloseTo(explanation!.mmr!.score, 9);
              }
            },
          ),
          { numRuns: 25, seed: runSeed },
        );
      },
    );

    it('changes nothing without diversity, and does not repeat itself with all of it', async () => {
      const on = await bench();
      const [same, other] = [randomUnit(seeded(1)), randomUnit(seeded(2))];
      const [first, again, new_] = ['first', 'again', 'new'].map((name) => on.of(name));
      await on.put(first!, { vector: same, terms: ['mill', 'mill'] });
      await on.put(again!, { vector: same, terms: ['mill', 'race'] });
      await on.put(new_!, { vector: other, terms: ['mill', 'stone', 'weir', 'sack'] });
      const found = async (diversity: number) =>
        (await on.search({ terms: ['mill'], limit: 2, mmr: { diversity } })).map(({ document }) => document);
      expect(await found(0)).toEqual(['first', 'again']);
      expect(await found(1)).toEqual(['first', 'new']);
    });
  });
}

/** By the definition, step by step; undefined where two are too near to one another for 32 bits to tell apart. */
function chosen(
  pool: readonly { readonly id: string; readonly score: number }[],
  chunks: readonly PlainChunk[],
  diversity: number,
  limit: number,
): { readonly id: string; readonly marginal: number }[] | undefined {
  const scores = pool.map(({ score }) => score);
  const [highest, lowest] = [Math.max(...scores), Math.min(...scores)];
  const vectors = new Map(chunks.map(({ id, vector }) => [id, vector]));
  const picked: { id: string; marginal: number }[] = [];
  while (picked.length < Math.min(limit, pool.length)) {
    const [best, next] = pool
      .filter(({ id }) => picked.every((one) => one.id !== id))
      .map(({ id, score }) => {
        const nearest = picked.map((one) => cosine(vectors.get(id)!, vectors.get(one.id)!));
        const relevance = highest === lowest ? 1 : (score - lowest) / (highest - lowest);
        const similarity = picked.length === 0 ? 0 : Math.max(...nearest);
        return { id, marginal: (1 - diversity) * relevance - diversity * similarity };
      })
      .sort((a, b) => b.marginal - a.marginal);
    if (next && best!.marginal - next.marginal < 1e-5) return undefined;
    picked.push(best!);
  }
  return picked;
}

const byHand = ({ diversity, highest, lowest, similarity = 0 }: MarginalRelevance, score: number): number => {
  const relevance = highest === lowest ? 1 : (score - lowest) / (highest - lowest);
  return (1 - diversity) * relevance - diversity * similarity;
};
