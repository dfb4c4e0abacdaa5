import { describe, expect, it } from 'vitest';
import { explanationLines } from './explanation.ts';

const [dense, sparse] = [
  { rank: 3, score: 0.612, candidates: 100, weight: 2 },
  { rank: 1, score: 7.25, candidates: 12, weight: 1 },
];

describe('an explanation', () => {
  it('shows the sums of DBSF', () => {
    const lines = explanationLines({
      fusion: 'dbsf',
      dense: { ...dense, mean: 0.4, deviation: 0.1, normalised: 0.8533, part: 1.7066 },
      sparse: { ...sparse, mean: 5, deviation: 1.5, normalised: 0.75, part: 0.75 },
      absent: [],
      fused: 2.4566,
    });
    expect(lines).toEqual([
      'meaning: 3 of 100, cosine 0.612; mean 0.400, deviation 0.100: 0.853 × 2 = 1.707',
      'words: 1 of 12, BM25 7.250; mean 5.000, deviation 1.500: 0.750 × 1 = 0.750',
      'dbsf: 2.457',
    ]);
  });

  it('shows those of RRF and of diversity, and the side that has no part', () => {
    const lines = explanationLines({
      fusion: 'rrf',
      k: 2,
      dense: { ...dense, part: 0.4 },
      absent: ['sparse'],
      fused: 0.4,
      mmr: {
        diversity: 0.3,
        place: 4,
        highest: 0.8,
        lowest: 0,
        relevance: 0.5,
        similarity: 0.9,
        score: 0.08,
      },
      rerank: { score: 0.97, rank: 1, place: 6 },
    });
    expect(lines).toEqual([
      'meaning: 3 of 100, cosine 0.612; 1 / (3 / 2 + 2 - 1) = 0.400',
      'words: not among the candidates',
      'rrf: 0.400',
      'diversity: 4 by score; (1 - 0.3) × 0.500 - 0.3 × 0.900 = 0.080',
      'reranker: 0.970; 6 before',
    ]);
  });

  it('shows place and score of one side alone', () => {
    const { weight: _, ...alone } = sparse;
    expect(explanationLines({ sparse: alone, absent: [] })).toEqual(['words: 1 of 12, BM25 7.250']);
  });
});
