import type { Weights } from '@millrace/adapters/linear-classifier';
import { estimated } from './bootstrap.ts';
import { folds, type Verdict } from './cross-validation.ts';
import { categories, isHarmless, isUnsafe, type Example } from './example.ts';
import { anyHarm, figuresOf, type Figure } from './figures.ts';
import { innerFolds } from './material.ts';
import { firstOfKind } from './near-duplicates.ts';
import { falseAlarms, leastChance } from './thresholds.ts';
import { variants } from './variants.ts';

export interface CardInput {
  readonly examples: readonly Example[];
  readonly weights: Weights;
  readonly bytes: number;
  /** For each variant. */
  readonly verdicts: readonly (readonly Verdict[])[];
}

/** The model card: what the model is, what it was made of, how good it is and where it is not. */
export function cardOf({ examples, weights, bytes, verdicts }: CardInput): string {
  const [alone, withVector] = verdicts.slice(-2) as [readonly Verdict[], readonly Verdict[]];
  const kinds = new Set(firstOfKind(examples.map(({ text }) => text))).size;
  return `<!-- Written by npm run train-moderation. -->

# The classifier of moderation: \`${weights.model}\`

A logistic regression for each of ${categories.length} categories of harm, over hashed n-grams of words (1 and 2) and characters (2 to 5) and, where there is one, the vector of the text by \`${weights.vectors.model}\`. It stands behind the rules: what it finds is flagged, never blocked. Without a vector it judges by the text alone, with weights and thresholds of its own.

## What it was made of

${examples.length} English prompts with eight labels that OpenAI published in [openai/moderation-api-release](https://github.com/openai/moderation-api-release) (commit \`f4ab51b\`) under the MIT licence, "Copyright (c) 2022 OpenAI"; ${examples.filter(isUnsafe).length} have some harm, ${examples.filter(isHarmless).length} are known to have none. A label that is missing is unknown: it is neither trained on nor counted. The set holds no text of Millrace's users, and the weights hold no text of the set: hashes and numbers, which tell at most that a word may have been in it.

The file with the weights, \`libs/adapters/linear-classifier/weights/moderation.json\`, has ${Math.round(bytes / 1000)} kB: eight bits a weight, features of at least five texts, in 2^${weights.bits.words} and 2^${weights.bits.characters} places.

\`npm run train-moderation\` makes it anew. All that is drawn is drawn by the texts and a seed: from the same texts and vectors comes the same file, byte for byte. Vectors differ in their last digits between kinds of processors, and with them the file may.

## How good it is

Measured by ${folds}-fold cross-validation. Variants of a text (of ${examples.length}, ${kinds} are different in kind) are in one fold. All that is tuned (the penalty, by ${innerFolds} folds; the calibration; the thresholds) is tuned within the folds that are trained on. The shape of the model (which n-grams, how many places for them, which embedding model) was chosen by looking at cross-validations of the same set, so the figures are a little kind. In brackets: 95 % intervals by 1,000 bootstrap samples. The beginning was a measured AUC of .86 for any harm, AP .76, F1 .70, by word and character n-grams.

### What each part adds, for any harm

${table(
  ['looked at', ...anyHarm.map(({ name }) => name)],
  variants.map(({ name }, at) => [name, ...anyHarm.map((figure) => interval(verdicts[at]!, figure))]),
)}

"found" is the share of harmful prompts that are flagged at the thresholds, "false alarms" that of the prompts known to be harmless. These were chosen by OpenAI for looking harmful: among ordinary questions there are fewer false alarms, see \`npm run bench -- moderation\`. AUC and AP count a prompt without a positive label as harmless, though labels of it may be unknown. The score for any harm is the chance of at least one category, as if each were for itself.

### With the vector, category by category

${perCategory(withVector, weights.heads.vector.thresholds)}

### By the text alone

${perCategory(alone, weights.heads.text.thresholds)}

A threshold is the one with the best F1 of those that raise at most ${falseAlarms * 100} % false alarms in cross-validation, and at least ${leastChance}.

## What it is not good for

- It is weak on violence, harassment and graphic violence, and on whatever has few examples: look at the intervals before relying on a category. It does not know \`illicit\`.
- English prompts alone were trained on. Of other languages it knows nothing.
- It knows words, not what is meant: it flags counsel about self-harm as it does self-harm, and misses harm in harmless words.
- Scores are chances in a set of which a third is harmful. In ordinary traffic harm is rarer, and a score of .5 means less.
- Texts of more than 2,000 characters are judged part by part, by the worst part.
`;
}

const perCategory = (verdicts: readonly Verdict[], thresholds: readonly number[]): string =>
  table(
    ['category', 'positive', 'known', 'AP', 'AUC', 'F1', 'threshold'],
    categories.map((category, at) => {
      const known = verdicts.filter(({ example }) => example.labels[category] !== undefined);
      const positive = known.filter(({ example }) => example.labels[category]).length;
      const figures = figuresOf(category).map((figure) => interval(verdicts, figure));
      return [
        `\`${category}\``,
        `${positive}`,
        `${known.length}`,
        ...figures,
        `${thresholds[at]!.toFixed(2)}`,
      ];
    }),
  );

function interval(verdicts: readonly Verdict[], figure: Figure): string {
  const { value, low, high } = estimated(figure.of(verdicts), figure.value);
  return `${short(value)} (${short(low)}–${short(high)})`;
}

const short = (value: number): string => value.toFixed(2).replace(/^0/, '');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
