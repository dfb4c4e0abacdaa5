import { quantised, type Part } from '@millrace/adapters/linear-classifier';
import type { Frequencies, WeightedFeatures } from '@millrace/text';

/** For each category: how much each example counts towards its scores. */
export type Shares = readonly Float64Array[];

/** Weights of the features that the examples have. */
export function featurePart(
  { frequencies, rows }: { readonly frequencies: Frequencies; readonly rows: readonly WeightedFeatures[] },
  shares: Shares,
): Part {
  const present = [...frequencies.having.keys()].filter((feature) => frequencies.having[feature]! > 0);
  const places = new Map(present.map((feature, place) => [feature, place]));
  const sums = new WeightSums(present.length, shares);
  for (const [row, { features, values }] of rows.entries())
    for (let at = 0; at < features.length; at++) sums.add(row, places.get(features[at]!)!, values[at]!);
  return sums.part();
}

/** Weights of features that have no say. */
export const silentPart = ({ having }: Frequencies, categories: number): Part =>
  quantised(new Float64Array(having.filter((texts) => texts > 0).length * categories), categories);

/** Weights of the vectors' dimensions. */
export function vectorPart(vectors: readonly Float64Array[], shares: Shares): Part {
  const sums = new WeightSums(vectors[0]!.length, shares);
  for (const [row, vector] of vectors.entries())
    for (let dim = 0; dim < vector.length; dim++) sums.add(row, dim, vector[dim]!);
  return sums.part();
}

class WeightSums {
  private readonly weights: Float64Array;

  constructor(
    places: number,
    private readonly shares: Shares,
  ) {
    this.weights = new Float64Array(places * shares.length);
  }

  add(row: number, place: number, value: number): void {
    const { weights, shares } = this;
    for (let category = 0; category < shares.length; category++)
      weights[place * shares.length + category]! += shares[category]![row]! * value;
  }

  part(): Part {
    return quantised(this.weights, this.shares.length);
  }
}
