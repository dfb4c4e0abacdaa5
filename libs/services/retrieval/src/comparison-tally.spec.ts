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

it('finds nothing to object to where nothing was asked', () => {
  expect(new ComparisonTally().comparison).toMatchObject({ found_serving: 1, found_next: 1, overlap: 1 });
});
