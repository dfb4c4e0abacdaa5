import { describe, expect, it } from 'vitest';
import { isLatin, repeatsItself, withoutRepeats } from './decoding-guards.ts';

describe('decoding guards', () => {
  it('stops at a phrase said over and over, and says it once', () => {
    const looping = [5, 1, 2, 3, 1, 2, 3, 1, 2, 3];
    expect(repeatsItself(looping)).toBe(true);
    expect(withoutRepeats(looping)).toEqual([5, 1, 2, 3]);
    expect(withoutRepeats([9, 4, 4, 4, 4, 4, 4])).toEqual([9, 4]);
  });

  it('lets people repeat themselves', () => {
    for (const said of [[1, 2, 1, 2], [4, 4, 4, 4], [1, 2, 3, 1, 2, 3], []]) {
      expect(repeatsItself(said)).toBe(false);
      expect(withoutRepeats(said)).toEqual(said);
    }
  });

  it('knows another script', () => {
    expect(isLatin('Déjà vu, 42 times.')).toBe(true);
    expect(isLatin('')).toBe(true);
    expect(isLatin('これは英語ではない')).toBe(false);
    expect(isLatin('ты говоришь yes')).toBe(false);
  });
});
