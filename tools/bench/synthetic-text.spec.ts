import { randomNumbers } from '@millrace/testing';
import { expect, it } from 'vitest';
import { paragraphs, wordOf, words } from './synthetic-text.ts';

it('gives the same text for the same seed and another for another', () => {
  expect(paragraphs(2, randomNumbers(1))).toBe(paragraphs(2, randomNumbers(1)));
  expect(paragraphs(2, randomNumbers(1))).not.toBe(paragraphs(2, randomNumbers(2)));
});

it('has a word of its own for each rank', () => {
  const ranks = Array.from({ length: 50_000 }, (_, rank) => rank);
  expect(new Set(ranks.map(wordOf)).size).toBe(50_000);
});

it('draws common words often and rare ones seldom', () => {
  const drawn = words(20_000, randomNumbers(7));
  const share = (rank: number) => drawn.filter((word) => word === wordOf(rank)).length / drawn.length;
  expect(share(0)).toBeGreaterThan(0.003);
  expect(share(0)).toBeLessThan(0.012);
  expect(share(0)).toBeGreaterThan(share(200));
});
