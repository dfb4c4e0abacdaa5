import { centred } from '@millrace/adapters/linear-classifier';
import {
  FeatureCounter,
  frequenciesOf,
  weighted,
  type Frequencies,
  type WeightedFeatures,
} from '@millrace/text';
import { foldsOf } from './folds.ts';
import type { Example } from './example.ts';
import { firstOfKind } from './near-duplicates.ts';
import { similarities, similaritiesOfVectors } from './similarities.ts';

/** With more the model tells no better, with fewer worse. */
export const bits = { words: 13, characters: 14 } as const;

export type PartName = 'words' | 'characters' | 'vector';

/** What a head can be trained from, made once for all of them. Rows stand in the order of the examples. */
export interface Material {
  readonly examples: readonly Example[];
  readonly words: GroupMaterial;
  readonly characters: GroupMaterial;
  readonly vector: { readonly rows: readonly Float64Array[]; readonly similarity: Float64Array };
  readonly middle: Float32Array;
  /** In which part of the cross-validation each example is, by which a head is tuned. */
  readonly folds: readonly number[];
}

interface GroupMaterial {
  readonly frequencies: Frequencies;
  readonly rows: readonly WeightedFeatures[];
  readonly similarity: Float64Array;
}

export const innerFolds = 5;

export function materialOf(examples: readonly Example[], seed: number): Material {
  const texts = examples.map(({ text }) => text);
  const middle = middleOf(examples.map(({ vector }) => vector));
  const rows = examples.map(({ vector }) => centred(vector, middle));
  return {
    examples,
    words: groupOf('words', texts),
    characters: groupOf('characters', texts),
    vector: { rows, similarity: similaritiesOfVectors(rows) },
    middle,
    folds: foldsOf(examples, firstOfKind(texts), innerFolds, seed),
  };
}

function groupOf(name: 'words' | 'characters', texts: readonly string[]): GroupMaterial {
  const counter = new FeatureCounter(name, bits[name]);
  const counts = texts.map((text) => counter.count(text));
  const frequencies = frequenciesOf(counts, bits[name]);
  const rows = counts.map((each) => weighted(each, frequencies));
  return { frequencies, rows, similarity: similarities(rows) };
}

function middleOf(vectors: readonly ArrayLike<number>[]): Float32Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let at = 0; at < sum.length; at++) sum[at]! += vector[at]!;
  return Float32Array.from(sum, (total) => total / vectors.length);
}
