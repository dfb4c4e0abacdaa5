import { describe, expect, it } from 'vitest';
import type { Scored } from './fusion.ts';
import { byMarginalRelevance } from './marginal-relevance.ts';

/** `a` and `b` say the same; `c` says something else, `d` the contrary of it. */
const vectors: Readonly<Record<string, readonly number[]>> = {
  a: [1, 0],
  b: [1, 0],
  c: [0, 1],
  d: [0, -1],
};
const ranked: Scored[] = [
  { uuid: 'a', score: 10 },
  { uuid: 'b', score: 9 },
  { uuid: 'c', score: 5 },
  { uuid: 'd', score: 0 },
];
const choose = (diversity: number, candidates = ranked, limit = 10) => [
  ...byMarginalRelevance(candidates, ({ uuid }) => Float32Array.from(vectors[uuid]!), { diversity, limit }),
];
const order = (diversity: number): string =>
  choose(diversity)
    .map(({ candidate }) => candidate.uuid)
    .join('');

describe('marginal relevance', () => {
  it('is relevance alone without diversity, and what is new alone at its height', () => {
    expect(order(0)).toBe('abcd');
    expect(order(1)).toBe('acdb');
  });

  it('puts what is new before what says the same again', () => {
    expect(order(0.5)).toBe('acdb');
    expect(order(0.2)).toBe('abcd');
  });

  it('tells what each was chosen for', () => {
    const [a, c, , b] = choose(0.5).map(({ mmr }) => mmr);
    const of = { diversity: 0.5, highest: 10, lowest: 0 };
    expect(a).toEqual({ ...of, place: 1, relevance: 1, score: 0.5 });
    expect(c).toEqual({ ...of, place: 3, relevance: 0.5, similarity: 0, score: 0.25 });
    expect(b).toEqual({ ...of, place: 2, relevance: 0.9, similarity: 1, score: 0.45 - 0.5 });
  });

  it('keeps the order of equal ones, and takes one and none', () => {
    const equal = ranked.map(({ uuid }) => ({ uuid, score: 3 }));
    expect(choose(0.3, equal).map(({ candidate }) => candidate.uuid)).toEqual(['a', 'c', 'd', 'b']);
    expect(choose(0, equal).map(({ candidate }) => candidate.uuid)).toEqual(['a', 'b', 'c', 'd']);
    expect(choose(0.3, ranked.slice(0, 1))).toHaveLength(1);
    expect(choose(0.3, ranked, 3)).toEqual(choose(0.3).slice(0, 3));
    expect(choose(0.3, [])).toEqual([]);
  });
});
