import type { FeatureGroup, Frequencies } from '@millrace/text';

/** What training made of the examples: all that it takes to score a text. */
export interface Weights {
  readonly model: string;
  readonly categories: readonly string[];
  readonly bits: Readonly<Record<FeatureGroup, number>>;
  /** Of the texts that were trained on; a feature that none of them has says nothing. */
  readonly frequencies: Readonly<Record<FeatureGroup, Frequencies>>;
  /** The embedding model, and the middle of its vectors. */
  readonly vectors: { readonly model: string; readonly middle: Float32Array };
  /** For a text alone, and for one with its vector. */
  readonly heads: { readonly text: Head; readonly vector: Head };
}

/** What turns features into scores. Lists have one entry for each category. */
export interface Head {
  readonly bias: readonly number[];
  readonly thresholds: readonly number[];
  readonly words: Part;
  readonly characters: Part;
  /** Missing in the head for a text alone. */
  readonly vector?: Part | undefined;
}

/** Weights of features in the order of the space, absent ones left out; those of a feature side by side, one for each category. */
export interface Part {
  readonly weights: Int8Array;
  /** What one step of a weight stands for. */
  readonly steps: readonly number[];
}

const most = 127;

/** @param exact side by side as in a part */
export function quantised(exact: Float64Array, categories: number): Part {
  const largest = new Float64Array(categories);
  exact.forEach((weight, at) => {
    const category = at % categories;
    largest[category] = Math.max(largest[category]!, Math.abs(weight));
  });
  const steps = Array.from(largest, (weight) => Number((weight / most || 1).toPrecision(6)));
  const weights = Int8Array.from(exact, (weight, at) =>
    Math.max(-most, Math.min(most, Math.round(weight / steps[at % categories]!))),
  );
  return { weights, steps };
}
