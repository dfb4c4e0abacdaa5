import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureCounter } from './feature-counter.ts';
import { frequenciesOf, weighted } from './rarity.ts';

const bits = 12;
const counter = new FeatureCounter('words', bits);
const texts = ['a mill', 'a wheel', 'a river', 'a mill a mill'].map((text) => counter.count(text));
const only = (word: string): number => counter.count(word).features[0]!;
const weightOf = (text: string, word: string): number => {
  const { features, values } = weighted(counter.count(text), frequenciesOf(texts, bits, 1));
  return values[features.indexOf(only(word))] ?? 0;
};

describe('features of a text', () => {
  it('are counted each once', () => {
    const { features, counts } = counter.count('mill mill mill');
    expect([features.length, [...counts]]).toEqual([2, [3, 2]]);
  });

  it('are those of the text alone, whatever was counted before', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, text) => {
        counter.count(before);
        expect(counter.count(text)).toEqual(new FeatureCounter('words', bits).count(text));
      }),
    );
  });

  it('weigh more the rarer they are, and less than twice for twice', () => {
    expect(weightOf('a river', 'river')).toBeGreaterThan(weightOf('a river', 'a'));
    expect(weightOf('a mill mill', 'mill')).toBeGreaterThan(weightOf('a mill', 'mill'));
  });

  it('have unit length together', () => {
    const { values } = weighted(texts[3]!, frequenciesOf(texts, bits, 1));
    expect(Math.hypot(...values)).toBeCloseTo(1, 12);
  });

  it('count for nothing when too few texts have them', () => {
    const { features } = weighted(counter.count('a river'), frequenciesOf(texts, bits, 3));
    expect([...features]).toEqual([only('a')]);
  });
});
