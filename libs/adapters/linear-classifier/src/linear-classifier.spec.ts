import { moderationCategories, type CategorySpec } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { LinearClassifier } from './linear-classifier.ts';

const classifier = await LinearClassifier.open();
const inTime = { deadline: Infinity };
const found = async (text: string): Promise<string[]> =>
  (await classifier.classify({ text }, inTime))
    .filter((score) => score.found)
    .map(({ category }) => category);

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

  it('knows the categories that policies take it to know', () => {
    const known = Object.entries<CategorySpec>(moderationCategories).filter(([, { foundBy }]) =>
      foundBy.includes('classifier'),
    );
    expect([...classifier.categories].sort()).toEqual(known.map(([name]) => name).sort());
  });

  it('gives each category a score from 0 to 1', async () => {
    const scores = await classifier.classify({ text: 'I hate you all.' }, inTime);
    expect(scores.map(({ category }) => category)).toEqual(classifier.categories);
    for (const { score } of scores) expect(score).toSatisfy((value: number) => value > 0 && value < 1);
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

  it('reads no further than it says', async () => {
    const text = 'a wheel '.repeat(classifier.maxChars);
    expect(await classifier.classify({ text }, inTime)).toEqual(
      await classifier.classify({ text: text.slice(0, classifier.maxChars) }, inTime),
    );
  });

  it('says that it is too late', async () => {
    await expect(classifier.classify({ text: 'a' }, { deadline: Date.now() - 1 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
  });

  it('does nothing for who has gone away', async () => {
    const options = { ...inTime, signal: AbortSignal.abort() };
    await expect(classifier.classify({ text: 'a' }, options)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
