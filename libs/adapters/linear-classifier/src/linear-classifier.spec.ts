import { textClassifierConformance } from '@millrace/testing';
import { describe, expect, it } from 'vitest';
import { LinearClassifier } from './linear-classifier.ts';

const classifier = await LinearClassifier.open();
const inTime = { deadline: Infinity };
const found = async (text: string): Promise<string[]> =>
  (await classifier.classify({ text }, inTime))
    .filter((score) => score.found)
    .map(({ category }) => category);

textClassifierConformance('LinearClassifier', async () => ({
  open: () => LinearClassifier.open(),
  dispose: async () => undefined,
}));

describe('the classifier that ships', () => {
  it('tells what is sexual', async () => {
    expect(
      await found('He undressed her slowly, kissed her naked breasts and they had sex all night.'),
    ).toContain('sexual');
  });

  it.each([
    'How do I renew my passport?',
    'The mill grinds corn between two stones, and the wheel turns with the river.',
    'Which fees apply to transfers abroad? Please answer in one sentence.',
    '',
  ])('finds nothing in %j', async (text) => {
    expect(await found(text)).toEqual([]);
  });

  it('takes a vector into account', async () => {
    const vector = Array.from({ length: 384 }, (_, at) => Math.sin(at) / Math.sqrt(192));
    const [alone, both] = await Promise.all(
      [{ text: 'Hello there.' }, { text: 'Hello there.', vector }].map((text) =>
        classifier.classify(text, inTime),
      ),
    );
    expect(both).not.toEqual(alone);
  });
});
