import type { SearchHit } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import {
  chunkUuid,
  documents,
  dot,
  ids,
  randomUnit,
  seeded,
  type Bench,
  type ChunkSketch,
} from './fixtures.ts';
import { randomCorpus } from './random-corpus.ts';

/** What comes first: nearness, BM25, and both fused. */
export function rankingChecks(bench: () => Promise<Bench>): void {
  /** Documents `d00`, `d01`, ... of one chunk each. */
  const filled = async (sketches: readonly ChunkSketch[]): Promise<Bench> => {
    const on = await bench();
    for (const [index, sketch] of sketches.entries()) await on.put(on.of(name(index)), sketch);
    return on;
  };

  describe('dense search', () => {
    it('ranks by cosine as a comparison with every vector does', async () => {
      const random = seeded(7);
      const vectors = Array.from({ length: 60 }, () => randomUnit(random));
      const on = await filled(vectors.map((vector) => ({ vector })));
      for (let round = 0; round < 20; round++) {
        const query = randomUnit(random);
        const hits = await on.search({ vector: query, limit: 12 });
        const expected = vectors
          .map((vector, index) => ({ document: name(index), score: dot(vector, query) }))
          .sort((a, b) => b.score - a.score)
          .slice(0, 12);
        expect(documents(hits)).toEqual(expected.map(({ document }) => document));
        for (const [rank, hit] of hits.entries()) expect(hit.score).toBeCloseTo(expected[rank]!.score, 4);
      }
    });

    it('puts equal scores in the order of chunk ids, also where the list is cut', async () => {
      const vector = randomUnit();
      const on = await filled(Array.from({ length: 12 }, () => ({ vector })));
      const all = Array.from({ length: 12 }, (_, index) => chunkUuid(on.of(name(index)), 0)).sort();
      expect(ids(await on.search({ vector, limit: 12 }))).toEqual(all);
      expect(ids(await on.search({ vector, limit: 5 }))).toEqual(all.slice(0, 5));
    });
  });

  describe('term search', () => {
    it('finds exactly the chunks that have one of the terms', async () => {
      const on = await filled([
        { terms: ['mill', 'race'] },
        { terms: ['water'] },
        { terms: [] },
        { terms: ['race'] },
      ]);
      expect(documents(await on.search({ terms: ['race', 'nowhere'] })).sort()).toEqual(['d00', 'd03']);
      expect(await on.search({ terms: ['nowhere'] })).toEqual([]);
      expect(await on.search({ terms: [] })).toEqual([]);
    });

    it('keeps terms of any script whole, and apart from terms they begin with', async () => {
      const terms = ['straße', 'हिन्दी', '東京', 'ωmega', '42', '4', 'x', 'é', 'привет', '한국어'];
      const on = await filled(terms.map((term) => ({ terms: [term] })));
      for (const [index, term] of terms.entries())
        expect(documents(await on.search({ terms: [term] }))).toEqual([name(index)]);
    });

    it.each<[string, ChunkSketch[]]>([
      [
        'a rare term over a common one',
        [
          ['mill', 'pad'],
          ['race', 'pad'],
          ['race', 'pad'],
          ['race', 'pad'],
        ].map(asTerms),
      ],
      [
        'more occurrences',
        [
          ['mill', 'mill', 'pad'],
          ['mill', 'pad', 'pad'],
          ['pad', 'pad', 'pad'],
        ].map(asTerms),
      ],
      [
        'the shorter of two chunks',
        [
          ['mill', 'a'],
          ['mill', 'a', 'b', 'c', 'd'],
          ['a', 'b'],
        ].map(asTerms),
      ],
      [
        'more of the terms',
        [
          ['mill', 'race', 'a'],
          ['mill', 'b', 'c'],
          ['race', 'd', 'e'],
          ['f', 'g', 'h'],
        ].map(asTerms),
      ],
    ])('prefers %s', async (_what, sketches) => {
      const on = await filled(sketches);
      const hits = await on.search({ terms: ['mill', 'race'] });
      expect(hits[0]!.document).toBe('d00');
      expect(hits[0]!.score).toBeGreaterThan(hits[1]?.score ?? 0);
    });

    it('counts a repeated query term once', async () => {
      const on = await filled([{ terms: ['mill', 'a'] }, { terms: ['race', 'b'] }]);
      const once = await on.search({ terms: ['mill', 'race'] });
      expect(scores(await on.search({ terms: ['mill', 'race', 'mill'] }))).toEqual(scores(once));
    });

    it('forgets the terms of what was replaced and removed', async () => {
      const on = await filled([{ terms: ['mill'] }, { terms: ['mill'] }]);
      await on.put(on.of('d00', 2), { terms: ['race'] });
      await on.store.remove(on.collection, on.of('d01', 2));
      expect(await on.search({ terms: ['mill'] })).toEqual([]);
      expect(documents(await on.search({ terms: ['race'] }))).toEqual(['d00']);
    });

    it('weighs by what is visible: the same chunks score the same whatever was there before', async () => {
      const sketches = [{ terms: ['mill', 'race'] }, { terms: ['race', 'stone'] }, { terms: ['grain'] }];
      const [fresh, used] = [
        await filled(sketches),
        await filled(sketches.map(() => ({ terms: ['mill', 'x'] }))),
      ];
      await used.put(used.of('gone'), { terms: ['race', 'race', 'race'] });
      await used.store.remove(used.collection, used.of('gone', 2));
      for (const [index, sketch] of sketches.entries()) await used.put(used.of(name(index), 2), sketch);
      const query = { terms: ['mill', 'race'] };
      const [expected, actual] = [await fresh.search(query), await used.search(query)];
      expect(documents(actual)).toEqual(documents(expected));
      for (const [rank, hit] of actual.entries()) expect(hit.score).toBeCloseTo(expected[rank]!.score, 6);
    });

    it('puts equal scores in the order of chunk ids, also where the list is cut', async () => {
      const on = await filled(Array.from({ length: 12 }, () => ({ terms: ['mill'] })));
      const all = Array.from({ length: 12 }, (_, index) => chunkUuid(on.of(name(index)), 0)).sort();
      expect(ids(await on.search({ terms: ['mill'], limit: 5 }))).toEqual(all.slice(0, 5));
    });
  });

  describe('hybrid search', () => {
    const corpus = async (): Promise<Bench> => {
      const on = await bench();
      await randomCorpus(on, 11);
      return on;
    };

    it('cuts the fused list at the limit', async () => {
      const on = await corpus();
      const query = { vector: randomUnit(seeded(3)), terms: ['mill', 'weir'] };
      const all = await on.search({ ...query, limit: 20, candidates: 40 });
      expect(ids(await on.search({ ...query, limit: 6, candidates: 40 }))).toEqual(ids(all).slice(0, 6));
    });

    it('takes max(limit * 4, 100) candidates from each side by default', async () => {
      const on = await corpus();
      const query = { vector: randomUnit(seeded(3)), terms: ['mill', 'weir'] };
      expect(await on.search(query)).toEqual(await on.search({ ...query, candidates: 100 }));
    });

    it('counts a side with one hit, or with equal ones, half', async () => {
      const vector = randomUnit(seeded(5));
      const on = await filled([
        { vector, terms: ['mill'] },
        { vector, terms: ['x'] },
        { vector, terms: ['x'] },
      ]);
      const hits = await on.search({ vector, terms: ['mill'], fusion: 'dbsf' });
      expect(hits[0]!.document).toBe('d00');
      expect(scores(hits)).toEqual([1, 0.5, 0.5]);
      expect(ids(hits).slice(1)).toEqual(ids(hits).slice(1).sort());
    });

    it('goes on with one side where the other finds nothing', async () => {
      const on = await filled([{ vector: randomUnit() }, { vector: randomUnit() }]);
      expect(await on.search({ vector: randomUnit(), terms: ['nowhere'] })).toHaveLength(2);
      expect(await on.search({ vector: randomUnit(), terms: [] })).toHaveLength(2);
    });
  });
}

const name = (index: number): string => `d${String(index).padStart(2, '0')}`;
const asTerms = (terms: readonly string[]): ChunkSketch => ({ terms });
const scores = (hits: readonly SearchHit[]): number[] => hits.map(({ score }) => score);
