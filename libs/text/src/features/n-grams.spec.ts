import { describe, expect, it } from 'vitest';
import { eachCharacterGram, eachWordGram, plainText } from './n-grams.ts';

const hashes = (grams: typeof eachWordGram, text: string): number[] => {
  const met: number[] = [];
  grams(plainText(text), (hash) => met.push(hash));
  return met;
};
const words = (text: string): number[] => hashes(eachWordGram, text);
const characters = (text: string): number[] => hashes(eachCharacterGram, text);

describe('n-grams', () => {
  it('are every word or sign, and every two in a row', () => {
    expect(words('the mill, the mill')).toHaveLength(5 + 4);
    expect(new Set(words('the mill, the mill')).size).toBe(3 + 3);
  });

  it('tell two words by their order', () => {
    const [both, turned] = [new Set(words('mill wheel')), words('wheel mill')];
    expect(turned.filter((hash) => !both.has(hash))).toHaveLength(1);
  });

  it('are two to five characters of a word with its blanks', () => {
    // ' mill ' has 5 of two, 4 of three, 3 of four and 2 of five.
    expect(characters('mill')).toHaveLength(14);
    expect(characters('a')).toHaveLength(3);
  });

  it('tell a beginning from a middle', () => {
    const beginning = new Set(characters('ill'));
    expect(characters('mill').some((hash) => !beginning.has(hash))).toBe(true);
  });

  it.each([
    ['MILL', 'mill'],
    ['ｍｉｌｌ', 'mill'],
    ['caf\u00e9', 'cafe'],
    ['cafe\u0301', 'cafe'],
  ])('are those of %j as of %j', (one, other) => {
    expect([words(one), characters(one)]).toEqual([words(other), characters(other)]);
  });

  it('stay the same from release to release: weights were trained on them', () => {
    expect(words('a mill')).toEqual([444_641_715, 3_119_053_871, 3_636_039_528]);
  });
});
