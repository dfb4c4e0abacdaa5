import type { SearchResult } from '@millrace/contracts';
import { analyseTerms } from '@millrace/text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passage } from '../testing/answering.ts';
import { supportBy } from './support.ts';

const near = (score: number): SearchResult => ({
  ...passage,
  explanation: { absent: [], dense: { rank: 1, score, candidates: 9 } },
});
const words = analyseTerms('mill built moon cheese');
const unrelated = 0.4;

describe('the support of a passage', () => {
  it('is half the share of the words, half how far from nothing in common the meaning is', () => {
    expect(supportBy(near(0.7), words, unrelated)).toBeCloseTo((0.5 + 0.5) / 2);
    expect(supportBy(near(1), ['mill'], unrelated)).toBe(1);
    expect(supportBy(near(0.2), ['moon'], unrelated)).toBe(0);
  });

  it('counts words of title and headings', () => {
    expect(supportBy({ ...passage, title: 'Moon', headings: ['Cheese'] }, words, undefined)).toBe(1);
  });

  it('is of words alone where nothing was looked up by meaning', () => {
    expect(supportBy(passage, words, unrelated)).toBe(0.5);
    expect(supportBy(near(1), words, undefined)).toBe(0.5);
  });

  it('is nothing by meaning where other passages were nearer than can be told', () => {
    expect(supportBy({ ...passage, explanation: { absent: ['dense'] } }, words, unrelated)).toBe(0.25);
  });

  it('is between 0 and 1, and never falls with the cosine', () => {
    const cosine = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(cosine, cosine, cosine, (a, b, base) => {
        const [low, high] = [
          supportBy(near(Math.min(a, b)), words, base),
          supportBy(near(Math.max(a, b)), words, base),
        ];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });
});
