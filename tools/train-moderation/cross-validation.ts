import { LinearModel } from '@millrace/adapters/linear-classifier';
import { categories, type Category, type Example } from './example.ts';
import { foldsOf } from './folds.ts';
import { headOf } from './head.ts';
import { materialOf, type PartName } from './material.ts';
import { firstOfKind } from './near-duplicates.ts';
import { seed, weightsOf } from './train.ts';

/** What a model said of a text that neither it nor its thresholds had seen, nor a variant of it. */
export interface Verdict {
  readonly example: Example;
  readonly scores: Readonly<Record<Category, number>>;
  readonly found: Readonly<Record<Category, boolean>>;
}

export const folds = 5;

/** Nested: what is tuned is tuned anew in each fold, on the texts that are trained on. In the order of the examples. */
export function crossValidated(
  examples: readonly Example[],
  variants: readonly (readonly PartName[])[],
  note: (text: string) => void = () => {},
): Verdict[][] {
  const assigned = foldsOf(examples, firstOfKind(examples.map(({ text }) => text)), folds, seed);
  const verdicts = variants.map(() => new Array<Verdict>(examples.length));
  for (let fold = 0; fold < folds; fold++) {
    note(`fold ${fold + 1} of ${folds}`);
    const material = materialOf(
      examples.filter((_, at) => assigned[at] !== fold),
      seed,
    );
    for (const [variant, parts] of variants.entries()) {
      const head = headOf(material, parts);
      const linear = new LinearModel(weightsOf(material, { text: head, vector: head }));
      for (const [at, example] of examples.entries())
        if (assigned[at] === fold) verdicts[variant]![at] = verdictOf(example, linear);
    }
  }
  return verdicts;
}

function verdictOf(example: Example, linear: LinearModel): Verdict {
  const scores = linear.score(example.text, example.vector);
  const { thresholds } = linear.headFor(example.vector);
  const table = <T>(valueOf: (at: number) => T) =>
    Object.fromEntries(categories.map((category, at) => [category, valueOf(at)])) as Record<Category, T>;
  return {
    example,
    scores: table((at) => scores[at]!),
    found: table((at) => scores[at]! >= thresholds[at]!),
  };
}
