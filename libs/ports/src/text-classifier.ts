/**
 * A model that says how likely a text is to be of each of its categories. Rejects with `deadline_exceeded` when it is not
 * done in time, and `cancelled`.
 */
export interface TextClassifier {
  readonly model: string;
  readonly categories: readonly string[];
  /** The longest text that it reads at once, in UTF-16 units; cutting a longer one is the caller's. */
  readonly maxChars: number;
  /** The embedding model, by its catalogue name, whose vector of a text makes it surer. */
  readonly vectorModel?: string | undefined;
  /** One for each category, in their order. */
  classify(text: TextToClassify, options: ClassifyOptions): Promise<readonly CategoryScore[]>;
}

export interface TextToClassify {
  readonly text: string;
  /** Its vector by `vectorModel`, of unit length. */
  readonly vector?: readonly number[] | undefined;
}

export interface ClassifyOptions {
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

export interface CategoryScore {
  readonly category: string;
  /** 0 to 1. */
  readonly score: number;
  /** The score reaches the threshold that was chosen for the category. */
  readonly found: boolean;
}
