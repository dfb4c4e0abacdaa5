import type { ModelComparison } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { verdictOn } from './model-gate.ts';

const good: ModelComparison = {
  ...{ sentences: 200, found_serving: 0.9, found_next: 0.9, alike: 0.6 },
  ...{ questions: 0, overlap: 1, millis_serving: 1, millis_next: 1 },
};
const few = { too: { phase: 'unproven', why: 'too_little_to_ask' } };

describe('a model that is to serve', () => {
  it.each([
    ['that finds as much', {}, { phase: 'ready' }],
    ['that finds nearly as much', { found_next: 0.86 }, { phase: 'ready' }],
    ['that finds less', { found_next: 0.84 }, { phase: 'refused', why: 'finds_less' }],
    ['that loses one of ten', { sentences: 10, found_serving: 1 }, few.too],
    ['that was asked nothing', { sentences: 0, found_serving: 0, found_next: 0 }, few.too],
    ['that was asked 49 sentences', { sentences: 49 }, few.too],
    ['that was asked 50', { sentences: 50 }, { phase: 'ready' }],
    ['beside one that finds next to nothing', { found_serving: 0.2, found_next: 0.2 }, few.too],
    ['that finds mostly other things', { alike: 0.24 }, { phase: 'unproven', why: 'finds_other_things' }],
    ['of an older service that did not say what they have in common', { alike: undefined }, few.too],
  ])('%s', (_, more, expected) => {
    expect(verdictOn({ ...good, ...more })).toEqual(expected);
  });

  const judged: ModelComparison = {
    ...{ ...good, sentences: 0, found_serving: 0, found_next: 0, alike: undefined },
    ...{ judged: 20, ndcg_serving: 0.4, ndcg_next: 0.39, judged_alike: 0.6 },
    ...{ ndcg_dense_serving: 0.3, ndcg_dense_next: 0.29 },
  };
  const less = { phase: 'refused', why: 'finds_less' };
  it.each([
    ['that answers as well', {}, { phase: 'ready' }],
    ['that answers worse', { ndcg_next: 0.37 }, less],
    ['that answers as well only where words are in common', { ndcg_dense_next: 0.27 }, less],
    ['by a few questions', { judged: 19 }, few.too],
    ['by questions that nothing answers', { ndcg_serving: 0, ndcg_next: 0 }, few.too],
    ['by questions that only words answer', { ndcg_dense_serving: 0.09, ndcg_dense_next: 0.09 }, few.too],
    ['by questions among a few chunks', { judged_alike: undefined }, few.too],
    [
      'that finds mostly other things',
      { judged_alike: 0.24 },
      { phase: 'unproven', why: 'finds_other_things' },
    ],
  ])('by judgements: %s', (_, more, expected) => {
    expect(verdictOn({ ...judged, ...more })).toEqual(expected);
  });
});
