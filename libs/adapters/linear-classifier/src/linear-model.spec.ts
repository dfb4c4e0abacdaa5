import { FeatureCounter, frequenciesOf } from '@millrace/text';
import { describe, expect, it } from 'vitest';
import { LinearModel } from './linear-model.ts';
import { quantised, type Head, type Weights } from './weights.ts';
import { readWeights, writeWeights } from './weights-file.ts';

const bits = { words: 10, characters: 10 };
const texts = ['mill', 'wheel'];
const frequenciesIn = (group: 'words' | 'characters') => {
  const counter = new FeatureCounter(group, bits[group]);
  return frequenciesOf(
    texts.map((text) => counter.count(text)),
    bits[group],
    1,
  );
};
const frequencies = { words: frequenciesIn('words'), characters: frequenciesIn('characters') };
const nothing = (rows: number) => quantised(new Float64Array(rows * 2), 2);
const characterRows = frequencies.characters.having.filter((count) => count > 0).length;
const [first] = new FeatureCounter('words', bits.words).count('mill').features;
const [second] = new FeatureCounter('words', bits.words).count('wheel').features;
/** Rows stand in the order of the features. */
const millRow = first! < second! ? 0 : 1;

/** Category 0 is mills, category 1 is wheels. */
const exact = Float64Array.of(0, 0, 0, 0);
exact[millRow * 2] = 4;
exact[(1 - millRow) * 2 + 1] = 2;
const head: Head = {
  ...{ bias: [-1, 0], thresholds: [0.5, 0.5] },
  ...{ words: quantised(exact, 2), characters: nothing(characterRows) },
};
const weights: Weights = {
  ...{ model: 'test', categories: ['mills', 'wheels'], bits, frequencies },
  vectors: { model: 'vectors', middle: Float32Array.of(0, 0) },
  heads: { text: head, vector: { ...head, vector: quantised(Float64Array.of(0, 3, 0, 0), 2) } },
};
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

describe('a linear model', () => {
  const linear = new LinearModel(weights);

  it('adds up what a text’s features weigh', () => {
    const [mills, wheels] = linear.score('mill');
    expect([mills, wheels]).toEqual([expect.closeTo(sigmoid(-1 + 4), 4), 0.5]);
  });

  it('shares weight among the features that a text has', () => {
    expect(linear.score('mill wheel')[0]).toBeCloseTo(sigmoid(-1 + 4 * Math.SQRT1_2), 4);
  });

  it('has nothing but its bias for what it never met', () => {
    expect(linear.score('unheard')[0]).toBeCloseTo(sigmoid(-1), 12);
  });

  it('takes a vector into account, one of the right size alone', () => {
    expect(linear.score('mill', [5, 0])[1]).toBeCloseTo(sigmoid(3), 4);
    expect(linear.score('mill', [5, 0, 0])).toEqual(linear.score('mill'));
  });

  it('scores the same once its weights were written and read', () => {
    const read = new LinearModel(readWeights(JSON.parse(JSON.stringify(writeWeights(weights))) as never));
    expect(read.score('a mill, a wheel', [1, 2])).toEqual(linear.score('a mill, a wheel', [1, 2]));
  });
});

describe('quantised weights', () => {
  it('are off by half a step at most', () => {
    const { weights: steps, steps: sizes } = quantised(Float64Array.of(0.31, -5, -0.9, 2.2), 2);
    expect([...steps].map((step, at) => step * sizes[at % 2]!)).toEqual([
      expect.closeTo(0.31, 2),
      expect.closeTo(-5, 1),
      expect.closeTo(-0.9, 2),
      expect.closeTo(2.2, 1),
    ]);
  });
});
