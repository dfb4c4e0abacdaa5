import { describe, expect, it } from 'vitest';
import type { SearchHit } from '../vector-store.ts';
import { explained } from './explanation.ts';
import type { Scored } from './fusion.ts';
import { rank, type Sides } from './sides.ts';

const list = (...entries: [uuid: string, score: number][]): Scored[] =>
  entries.map(([uuid, score]) => ({ uuid, score }));
type Asked = Parameters<typeof explained>[3];
const hit = ({ uuid, score }: Scored): SearchHit => ({
  ...{ id: uuid, document: 'd', version: 1, ordinal: 0, text: '', start: 0, end: 0, tokens: 0 },
  ...{ headings: [], metadata: {}, score },
});
const sides = { dense: list(['c', 3], ['b', 2], ['a', 1]), sparse: list(['b', 30], ['d', 20], ['a', 10]) };
const explanations = (of: Sides<Scored>, query: Pick<Asked, 'fusion' | 'weights'>) => {
  const ranked = rank(of, query);
  const choices = ranked.map((candidate) => ({ candidate }));
  const told = explained(ranked.map(hit), choices, of, { ...query, explain: true });
  return new Map(told.map(({ id, explanation }) => [id, explanation]));
};

describe('explained', () => {
  it('tells of DBSF the distributions, what the scores are in them, and what they count', () => {
    const told = explanations(sides, { fusion: 'dbsf', weights: { dense: 3, sparse: 0.5 } });
    const [dense, sparse] = [
      { candidates: 3, weight: 3, mean: 2, deviation: 1 },
      { candidates: 3, weight: 0.5, mean: 20, deviation: 10 },
    ];
    expect(told.get('b')).toEqual({
      fusion: 'dbsf',
      dense: { ...dense, rank: 2, score: 2, normalised: 0.5, part: 1.5 },
      sparse: { ...sparse, rank: 1, score: 30, normalised: 4 / 6, part: 2 / 6 },
      absent: [],
      fused: 1.5 + 2 / 6,
    });
    expect(told.get('d')).toEqual({
      fusion: 'dbsf',
      sparse: { ...sparse, rank: 2, score: 20, normalised: 0.5, part: 0.25 },
      absent: ['dense'],
      fused: 0.25,
    });
  });

  it('tells of RRF ranks, weights and the constant', () => {
    const told = explanations(sides, { fusion: 'rrf', weights: { dense: 3, sparse: 0 } });
    expect(told.get('b')).toEqual({
      ...{ fusion: 'rrf', k: 2 },
      dense: { rank: 2, score: 2, candidates: 3, weight: 3, part: 1 / (2 / 3 + 1) },
      sparse: { rank: 1, score: 30, candidates: 3, weight: 0, part: 0 },
      absent: [],
      fused: 1 / (2 / 3 + 1),
    });
  });

  it('tells of one side alone its rank and score', () => {
    expect(explanations({ sparse: sides.sparse }, { fusion: 'dbsf' }).get('d')).toEqual({
      sparse: { rank: 2, score: 20, candidates: 3 },
      absent: [],
    });
  });

  it('leaves hits as they are when nobody asks', () => {
    const hits = sides.dense.map(hit);
    expect(explained(hits, [], sides, { fusion: 'dbsf' })).toBe(hits);
  });
});
