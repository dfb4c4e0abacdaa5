import { FeatureCounter, weighted, type FeatureGroup, type Frequencies } from '@millrace/text';
import { centred } from './centred.ts';
import type { Head, Part, Weights } from './weights.ts';

/** Scores texts: a weighted sum of features for each category, as a probability. */
export class LinearModel {
  private readonly groups: readonly Group[];

  constructor(readonly weights: Weights) {
    this.groups = (['words', 'characters'] as const).map((name) => ({
      name,
      counter: new FeatureCounter(name, weights.bits[name]),
      frequencies: weights.frequencies[name],
      rows: rowsOf(weights.frequencies[name]),
    }));
  }

  headFor(vector: ArrayLike<number> | undefined): Head {
    const { heads, vectors } = this.weights;
    return vector?.length === vectors.middle.length ? heads.vector : heads.text;
  }

  /** One for each category. */
  score(text: string, vector?: ArrayLike<number>): number[] {
    const head = this.headFor(vector);
    const sums = Float64Array.from(head.bias);
    for (const { name, counter, frequencies, rows } of this.groups) {
      const { features, values } = weighted(counter.count(text), frequencies);
      addTo(
        sums,
        head[name],
        features.map((feature) => rows[feature]!),
        values,
      );
    }
    if (vector && head.vector) {
      const values = centred(vector, this.weights.vectors.middle);
      addTo(sums, head.vector, Uint32Array.from(values.keys()), values);
    }
    return Array.from(sums, (sum) => 1 / (1 + Math.exp(-sum)));
  }
}

interface Group {
  readonly name: FeatureGroup;
  readonly counter: FeatureCounter;
  readonly frequencies: Frequencies;
  /** Where the weights of a feature stand. */
  readonly rows: Uint32Array;
}

function rowsOf({ having }: Frequencies): Uint32Array {
  let next = 0;
  return Uint32Array.from(having, (texts) => (texts > 0 ? next++ : 0));
}

function addTo(sums: Float64Array, { weights, steps }: Part, rows: Uint32Array, values: Float64Array): void {
  const part = new Float64Array(sums.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]! * sums.length;
    for (let category = 0; category < sums.length; category++)
      part[category]! += weights[row + category]! * values[at]!;
  }
  part.forEach((sum, category) => (sums[category]! += sum * steps[category]!));
}
