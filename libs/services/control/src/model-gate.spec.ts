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
    ['that finds altogether other things', { alike: 0.05 }, { phase: 'unproven', why: 'finds_other_things' }],
    ['of an older service that did not say', { alike: undefined }, { phase: 'ready' }],
  ])('%s', (_, more, expected) => {
    expect(verdictOn({ ...good, ...more })).toEqual(expected);
  });

  const nothing = { sentences: 0, found_serving: 0, found_next: 0 };
  it.each([
    ['that answers as well', { judged: 20, ndcg_serving: 0.4, ndcg_next: 0.39 }, { phase: 'ready' }],
    [
      'that answers worse',
      { judged: 20, ndcg_serving: 0.4, ndcg_next: 0.37 },
      { phase: 'refused', why: 'finds_less' },
    ],
    ['by a few questions', { judged: 19, ndcg_serving: 0.4, ndcg_next: 0.4 }, few.too],
    ['by questions that nothing answers', { judged: 50, ndcg_serving: 0, ndcg_next: 0 }, few.too],
  ])('by judgements: %s', (_, more, expected) => {
    expect(verdictOn({ ...good, ...nothing, ...more })).toEqual(expected);
  });
});
