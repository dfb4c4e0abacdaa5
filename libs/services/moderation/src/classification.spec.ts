import { MillraceError } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { classifying, WordClassifier, type ClassifyingOptions } from './testing/classifying.ts';

const signal = new AbortController().signal;
const long = `${'harmless words '.repeat(4)}and a hateful one ${'and more of them '.repeat(4)}`;

async function judge(text: string, inChat: boolean, options?: ClassifyingOptions, fault?: MillraceError) {
  const classifier = new WordClassifier();
  classifier.fault = fault;
  const { classification, logged } = classifying(classifier, options);
  const scores = await classification.of({ text, inChat }, signal);
  const found = scores.filter((score) => score.found).map(({ category }) => category);
  return { found, scores, logged, asked: classifier.asked };
}

describe('a text that the classifier judges', () => {
  it('has the highest score that any part of it has', async () => {
    const { found, asked } = await judge(long, true);
    expect(found).toEqual(['hate']);
    expect(asked.map(({ text }) => text).join('')).toBe(long);
    expect(asked.length).toBeGreaterThan(2);
  });

  it.each([
    ['never', true, false],
    ['never', false, false],
    ['moderations', true, false],
    ['moderations', false, true],
    ['always', true, true],
  ] as const)('with vectors %s, in a chat %s, has one: %s', async (vectors, inChat, has) => {
    const { asked } = await judge('short', inChat, { vectors, embed: async () => [[1, 0]] });
    expect(asked.map(({ vector }) => vector)).toEqual([has ? [1, 0] : undefined]);
  });

  it('is judged without vectors when there are none in time', async () => {
    const embed = () => Promise.reject(new MillraceError('deadline_exceeded'));
    const { found, logged } = await judge('a hateful text', false, { vectors: 'always', embed });
    expect([found, logged.length]).toEqual([['hate'], 1]);
  });

  it('asks for no vectors of very long texts', async () => {
    const embed = () => Promise.reject(new Error('asked'));
    const { logged } = await judge('words '.repeat(100), false, { vectors: 'always', embed });
    expect(logged).toEqual([]);
  });
});

describe('a text that was not judged in time', () => {
  const late = new MillraceError('deadline_exceeded');

  it('is left to the rules where that is let pass, which is the default', async () => {
    expect((await judge('a hateful text', true, {}, late)).scores).toEqual([]);
  });

  it('is an error where it is not', async () => {
    await expect(judge('a hateful text', true, { late: 'fail_closed' }, late)).rejects.toMatchObject({
      code: 'classifier_unavailable',
    });
  });

  it('of a classifier that failed, is told of in the log', async () => {
    const { logged } = await judge('a hateful text', true, {}, new MillraceError('internal'));
    expect(logged).toEqual(['the classifier failed: the rules stand alone']);
  });
});

it('tells nobody who went away that the classifier failed', async () => {
  const classifier = new WordClassifier();
  classifier.fault = new MillraceError('cancelled');
  const { classification } = classifying(classifier, { late: 'fail_closed' });
  await expect(classification.of({ text: 'a', inChat: true }, AbortSignal.abort())).rejects.toMatchObject({
    code: 'cancelled',
  });
});
