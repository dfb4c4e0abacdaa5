import type { FeatureCounts } from './feature-counter.ts';

/** In how many of so many texts each feature of a space is. */
export interface Frequencies {
  readonly texts: number;
  readonly having: Uint16Array;
}

export interface WeightedFeatures {
  readonly features: Uint32Array;
  /** Of unit length together, or none. */
  readonly values: Float64Array;
}

/** Features in fewer texts say nothing that another text could confirm. */
const fewestTexts = 5;

export function frequenciesOf(
  texts: readonly FeatureCounts[],
  bits: number,
  fewest = fewestTexts,
): Frequencies {
  const having = new Uint16Array(2 ** bits);
  for (const { features } of texts) for (const feature of features) having[feature]!++;
  return { texts: texts.length, having: having.map((count) => (count < fewest ? 0 : count)) };
}

/** What each feature weighs in a text: more for a rare one, and by the logarithm of how often it is there (TF-IDF). */
export function weighted(
  { features, counts }: FeatureCounts,
  { texts, having }: Frequencies,
): WeightedFeatures {
  const known = features.filter((feature) => having[feature]! > 0);
  const values = new Float64Array(known.length);
  let squares = 0;
  for (let from = 0, to = 0; from < features.length; from++) {
    const others = having[features[from]!]!;
    if (others === 0) continue;
    const value = (1 + Math.log(counts[from]!)) * (1 + Math.log((1 + texts) / (1 + others)));
    values[to++] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares) || 1;
  return { features: known, values: values.map((value) => value / length) };
}
