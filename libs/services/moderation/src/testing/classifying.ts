import { calls, MillraceError } from '@millrace/contracts';
import type { CategoryScore, ClassifyOptions, TextClassifier, TextToClassify } from '@millrace/ports';
import { Classification } from '../classification.ts';

/** Finds what is called hateful, and remembers what it was asked. */
export class WordClassifier implements TextClassifier {
  readonly model = 'words';
  readonly categories = ['hate', 'sexual'];
  readonly maxChars = 40;
  readonly vectorModel = 'vectors';
  readonly asked: TextToClassify[] = [];
  fault: MillraceError | undefined;

  async classify(asked: TextToClassify, { deadline }: ClassifyOptions): Promise<readonly CategoryScore[]> {
    this.asked.push(asked);
    if (this.fault) throw this.fault;
    if (Date.now() >= deadline) throw new MillraceError('deadline_exceeded');
    const found = asked.text.includes('hateful');
    return this.categories.map((category) => {
      const isIt = found && category === 'hate';
      return { category, score: isIt ? 0.9 : 0.1, found: isIt };
    });
  }
}

export interface ClassifyingOptions {
  readonly late?: 'fail_open' | 'fail_closed';
  readonly vectors?: 'never' | 'moderations' | 'always';
  /** Answers for the embedding service. */
  readonly embed?: (texts: readonly string[]) => Promise<number[][]>;
}

export function classifying(classifier: WordClassifier, options: ClassifyingOptions = {}) {
  const { late = 'fail_open', vectors = 'never', embed = async () => [] } = options;
  const logged: string[] = [];
  const caller = {
    call: async (spec: unknown, { texts }: { texts: string[] }) => {
      if (spec !== calls.embedTexts) throw new Error('nothing else is asked');
      return { vectors: await embed(texts) };
    },
  };
  const settings = { classifierMs: 1_000, classifierLate: late, classifierVectors: vectors };
  const logger = { warn: (_: unknown, message: string) => logged.push(message) };
  const classification = new Classification(classifier, caller as never, settings, logger as never);
  return { classification, logged };
}
