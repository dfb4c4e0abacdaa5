import fc from 'fast-check';
import { words } from './random-corpus.ts';

export const someWords = fc.subarray(words, { minLength: 1 });
export const someQuestion = fc.record({
  vector: fc.nat(),
  terms: someWords,
  candidates: fc.integer({ min: 1, max: 50 }),
  limit: fc.integer({ min: 1, max: 30 }),
});
const weight = fc.oneof(fc.constantFrom(0, 1, 2), fc.double({ min: 0, max: 10, noNaN: true }));
export const someWeights = fc
  .record({ dense: weight, sparse: weight })
  .filter(({ dense, sparse }) => dense + sparse > 0);
