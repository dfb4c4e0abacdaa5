import { MillraceError } from '@millrace/contracts';
import type { CategoryScore, ClassifyOptions, TextClassifier, TextToClassify } from '@millrace/ports';
import { LinearModel } from './linear-model.ts';
import type { Weights } from './weights.ts';
import { readWeights } from './weights-file.ts';

/** Most that was trained on is shorter; in longer texts a few words would count for nothing. */
const maxChars = 2_000;

/** The linear model of moderation, in this process: less than a millisecond for the longest text. */
export class LinearClassifier implements TextClassifier {
  readonly maxChars = maxChars;
  readonly model: string;
  readonly categories: readonly string[];
  readonly vectorModel: string;
  private readonly linear: LinearModel;

  constructor(weights: Weights) {
    this.linear = new LinearModel(weights);
    this.model = weights.model;
    this.categories = weights.categories;
    this.vectorModel = weights.vectors.model;
  }

  /** With the weights that the package brings. */
  static async open(): Promise<LinearClassifier> {
    const { default: file } = await import('../weights/moderation.json', { with: { type: 'json' } });
    return new LinearClassifier(readWeights(file));
  }

  async classify(
    { text, vector }: TextToClassify,
    { deadline, signal }: ClassifyOptions,
  ): Promise<readonly CategoryScore[]> {
    if (signal?.aborted) throw new MillraceError('cancelled');
    if (Date.now() >= deadline) throw new MillraceError('deadline_exceeded');
    const { thresholds } = this.linear.headFor(vector);
    return this.linear.score(text.slice(0, maxChars), vector).map((score, at) => ({
      category: this.categories[at]!,
      score,
      found: score >= thresholds[at]!,
    }));
  }
}
