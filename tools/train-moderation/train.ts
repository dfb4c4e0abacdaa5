import type { Head, Weights } from '@millrace/adapters/linear-classifier';
import { categories, type Example } from './example.ts';
import { headOf } from './head.ts';
import { bits, materialOf, type Material } from './material.ts';

/** The name that answers bear; changes with the weights. */
export const model = 'millrace-linear-1';
export const vectorModel = 'all-minilm-l6-v2';

/** Decides which texts tune the model for which. */
export const seed = 1;

/** The same from the same examples, to the last bit, on every machine. */
export function train(examples: readonly Example[]): Weights {
  const material = materialOf(examples, seed);
  return weightsOf(material, {
    text: headOf(material, ['words', 'characters']),
    vector: headOf(material, ['words', 'characters', 'vector']),
  });
}

export const weightsOf = (
  { words, characters, middle }: Material,
  heads: { readonly text: Head; readonly vector: Head },
): Weights => ({
  model,
  categories,
  bits,
  frequencies: { words: words.frequencies, characters: characters.frequencies },
  vectors: { model: vectorModel, middle },
  heads,
});
