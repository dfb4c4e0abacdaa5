import { expect, it } from 'vitest';
import { ComparisonTally, type Asked } from './comparison-tally.ts';

/** Hits by document and ordinal: `a1` is a chunk of document a. */
const asked = (ids: string, millis = 1): Asked => ({
  hits: ids.split(' ').map((id) => ({ id, document: id[0]! })),
  millis,
});

it('counts sentences found among the first ten, and how alike the answers to questions are', () => {
  const tally = new ComparisonTally();
  tally.sentence('a', { serving: asked('b1 a2', 4), next: asked('b1 c1', 8) });
  const far = 'b1 b2 b3 b4 b5 b6 b7 b8 b9 b0 c1';
  tally.sentence('c', { serving: asked('c1', 2), next: asked(far, 6) });
  tally.question({ serving: asked('a1 b1'), next: asked('b1 c1') });
  tally.question({ serving: asked('a1'), next: asked('a1') });
  expect(tally.comparison).toEqual({
    ...{ sentences: 2, found_serving: 1, found_next: 0, questions: 2, overlap: 0.75 },
    ...{ millis_serving: 2, millis_next: 6 },
  });
});

it('counts how well documents are ranked that somebody judged, each document once', () => {
  const tally = new ComparisonTally();
  const relevant = new Set(['c']);
  tally.judged(relevant, { serving: asked('c1 a1'), next: asked('a1 a2 c1') });
  tally.judged(relevant, { serving: asked('a1'), next: asked('c1') });
  const { judged, ndcg_serving, ndcg_next } = tally.comparison;
  expect([judged, ndcg_serving]).toEqual([2, 0.5]);
  expect(ndcg_next).toBeCloseTo((1 / Math.log2(3) + 1) / 2, 10);
});

it('finds nothing to object to where nothing was asked', () => {
  expect(new ComparisonTally().comparison).toMatchObject({ found_serving: 1, found_next: 1, overlap: 1 });
});
