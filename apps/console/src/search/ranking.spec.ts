import { describe, expect, it } from 'vitest';
import { plainRanking, searchBody } from './ranking.ts';

describe('the request of a search', () => {
  it('has in it what was asked for and no more', () => {
    expect(searchBody('mill', plainRanking)).toEqual({ query: 'mill', mode: 'hybrid', top_k: 20 });
    const all = {
      fusion: 'rrf',
      sparse: 0.5,
      diversity: 0.3,
      neighbours: 1,
      feedback: true,
      explain: true,
    } as const;
    expect(searchBody('mill', { ...plainRanking, ...all })).toEqual({
      ...{ query: 'mill', mode: 'hybrid', top_k: 20, fusion: 'rrf', weights: { dense: 1, sparse: 0.5 } },
      ...{ mmr: { diversity: 0.3 }, neighbours: 1, feedback: true, explain: true },
    });
  });

  it('has no feedback where words alone are looked for, which has no vector to move', () => {
    const sparse = { ...plainRanking, mode: 'sparse', feedback: true } as const;
    expect(searchBody('mill', sparse)).not.toHaveProperty('feedback');
  });

  it('has no weights where nothing is weighed', () => {
    expect(searchBody('mill', { ...plainRanking, mode: 'dense', dense: 2 })).not.toHaveProperty('weights');
  });
});
