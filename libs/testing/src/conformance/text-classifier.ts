import { moderationCategories, type CategorySpec } from '@millrace/contracts';
import type { TextClassifier } from '@millrace/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';

/** Holds an adapter to every promise of `TextClassifier`, with the categories that policies take one to know. */
export function textClassifierConformance(
  name: string,
  factory: () => Promise<Harness<TextClassifier>>,
): void {
  describe(`${name} as a text classifier`, () => {
    let harness: Harness<TextClassifier>;
    let classifier: TextClassifier;
    beforeEach(async () => {
      harness = await factory();
      classifier = await harness.open();
    });
    afterEach(() => harness.dispose());

    const soon = () => Date.now() + 10_000;

    it('knows the categories that policies take it to know', () => {
      const known = Object.entries<CategorySpec>(moderationCategories).filter(([, { foundBy }]) =>
        foundBy.includes('classifier'),
      );
      expect([...classifier.categories].sort()).toEqual(known.map(([category]) => category).sort());
    });

    it('gives each category a score from 0 to 1, in their order', async () => {
      const scores = await classifier.classify({ text: 'I hate you all.' }, { deadline: soon() });
      expect(scores.map(({ category }) => category)).toEqual(classifier.categories);
      for (const { score, found } of scores) {
        expect(score).toSatisfy((value: number) => value >= 0 && value <= 1);
        expect(found).toBeTypeOf('boolean');
      }
    });

    it('takes an empty text, and reads no further than it says', async () => {
      expect(await classifier.classify({ text: '' }, { deadline: soon() })).toHaveLength(
        classifier.categories.length,
      );
      const text = 'a wheel '.repeat(classifier.maxChars);
      expect(await classifier.classify({ text }, { deadline: soon() })).toEqual(
        await classifier.classify({ text: text.slice(0, classifier.maxChars) }, { deadline: soon() }),
      );
    });

    it('says that it is too late, and does nothing for who has gone away', async () => {
      const judged = (deadline: number, signal?: AbortSignal) =>
        classifier.classify({ text: 'a' }, { deadline, signal });
      await expect(judged(Date.now() - 1)).rejects.toMatchObject({ code: 'deadline_exceeded' });
      await expect(judged(soon(), AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    });
  });
}
