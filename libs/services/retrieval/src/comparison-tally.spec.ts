import { expect, it } from 'vitest';
import { ComparisonTally, type Asked } from './comparison-tally.ts';

/** Hits by document and ordinal: `a1` is a chunk of document a. */
const asked = (ids: string, millis = 1): Asked => ({
  hits: ids.split(' ').map((id) => ({ id, document: id[0]! })),
  millis,
});

/** Fifty chunks of a document. */
const crowdOf = (document: string): string =>
  Array.from({ length: 50 }, (_, n) => `${document}${n}`).join(' ');

it('counts sentences found among the first ten, and how alike the answers to questions are', () => {
  const tally = new ComparisonTally();
  tally.sentence('a', {
    serving: asked(`b1 a2 ${crowdOf('x')}`, 4),
    next: asked(`b1 c1 ${crowdOf('y')}`, 8),
  });
  const far = 'b1 b2 b3 b4 b5 b6 b7 b8 b9 b0 c1';
  tally.sentence('c', { serving: asked(`c1 ${crowdOf('x')}`, 2), next: asked(`${far} ${crowdOf('y')}`, 6) });
  tally.question({ serving: asked('a1 b1'), next: asked('b1 c1') });
  tally.question({ serving: asked('a1'), next: asked('a1') });
  expect(tally.comparison).toEqual({
    ...{ sentences: 2, found_serving: 1, found_next: 0, alike: 0.05, questions: 2, overlap: 0.75 },
    ...{ millis_serving: 2, millis_next: 6 },
  });
});

it('counts no sentence that was looked for among a few chunks', () => {
  const tally = new ComparisonTally();
  const all = asked(`a1 ${crowdOf('x')}`);
  tally.sentence('a', { serving: all, next: { ...all, hits: all.hits.slice(0, 49) } });
  expect(tally.comparison).toMatchObject({ sentences: 0, found_serving: 0, found_next: 0, overlap: 1 });
  tally.sentence('a', { serving: all, next: { ...all, hits: all.hits.slice(0, 50) } });
  expect(tally.comparison).toMatchObject({ sentences: 1, found_serving: 1, found_next: 1, alike: 1 });
});
