import { MillraceError } from '@millrace/contracts';
import type { BackEnd } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { byPreference, type Candidate } from './preference.ts';
import { Standing } from './standing.ts';

interface Played {
  readonly firstMs?: number;
  readonly weight?: number;
  readonly price?: number;
  readonly fails?: boolean;
}

function candidate(name: string, { firstMs, weight = 1, price = 0, fails }: Played = {}): Candidate {
  const standing = new Standing();
  if (firstMs !== undefined) standing.found({ firstWordMs: firstMs });
  for (let n = 0; fails && n < 3; n++) standing.begin(0).failed(new MillraceError('backend_error'), 0);
  const backEnd = { name, weight, price: { prompt: price, completion: price } } as BackEnd;
  return { backEnd, model: undefined, standing };
}

const order = (candidates: readonly Candidate[], budgetMs?: number, random = () => 0.5): string[] =>
  byPreference(candidates, { budgetMs, mostTokens: 100, now: 0, random }).map(({ backEnd }) => backEnd.name);

describe('without a budget', () => {
  it('chance decides, by weight', () => {
    const few = candidate('few', { weight: 1, price: 1 });
    const many = candidate('many', { weight: 3, price: 9 });
    let wins = 0;
    for (let n = 0; n < 4_000; n++) if (order([few, many], undefined, Math.random)[0] === 'many') wins += 1;
    expect(wins / 4_000).toBeGreaterThan(0.7);
    expect(wins / 4_000).toBeLessThan(0.8);
  });

  it('who has no weight is asked when nobody else is well', () => {
    const spare = candidate('spare', { weight: 0 });
    expect(order([spare, candidate('usual')])).toEqual(['usual', 'spare']);
    expect(order([spare, candidate('usual', { fails: true })])).toEqual(['spare', 'usual']);
  });

  it('a slow one gets its share as well', () => {
    const values = [0.1, 0.9];
    expect(
      order([candidate('slow', { firstMs: 9_000 }), candidate('b')], undefined, () => values.shift()!),
    ).toEqual(['slow', 'b']);
  });
});

describe('with a budget', () => {
  it('the cheapest that is expected to make it answers', () => {
    const slow = candidate('slow and free', { firstMs: 2_000 });
    const cheap = candidate('cheap', { firstMs: 300, price: 1 });
    const dear = candidate('dear', { firstMs: 100, price: 5 });
    expect(order([dear, slow, cheap], 500)).toEqual(['cheap', 'dear', 'slow and free']);
  });

  it('the quickest answers where none is expected to', () => {
    expect(order([candidate('a', { firstMs: 900 }), candidate('b', { firstMs: 700 })], 500)).toEqual([
      'b',
      'a',
    ]);
  });

  it('who is not known yet is tried', () => {
    expect(order([candidate('known', { firstMs: 900 }), candidate('new', { price: 9 })], 500)[0]).toBe('new');
  });
});

it('nobody is refused for a doubt: who rests is asked last', () => {
  expect(
    order([candidate('ill', { fails: true, firstMs: 1 }), candidate('slow', { firstMs: 900 })], 500),
  ).toHaveLength(2);
  expect(order([candidate('ill', { fails: true })])).toEqual(['ill']);
});
