import { describe, expect, it } from 'vitest';
import { termId } from './term-id.ts';

describe('termId', () => {
  // https://en.wikipedia.org/wiki/MurmurHash and the reference implementation, seed 0.
  it.each([
    ['', 0],
    ['test', 0xba6bd213],
    ['Hello, world!', 0xc0363e43],
    ['The quick brown fox jumps over the lazy dog', 0x2e4ff723],
    ['a', 0x3c2569b2],
    ['ab', 0x9bbfd75f],
    ['abc', 0xb3dd93fa],
  ])('is murmur3 of %j', (term, expected) => {
    expect(termId(term)).toBe(expected);
  });
});
