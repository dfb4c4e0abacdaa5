import { createHash } from 'node:crypto';
import { LinearModel, writeWeights } from '@millrace/adapters/linear-classifier';
import { randomNumbers } from '@millrace/testing';
import { describe, expect, it } from 'vitest';
import { crossValidated } from './cross-validation.ts';
import { categories, isUnsafe, type Example } from './example.ts';
import { foldsOf } from './folds.ts';
import { firstOfKind } from './near-duplicates.ts';
import { train } from './train.ts';

const random = randomNumbers(11);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const plain = 'the mill grinds corn while a wheel turns slowly by its river every day'.split(' ');
const telling = 'amber basil cedar dahlia ebony fennel garnet hazel'.split(' ');

/** Sentences in which a category is told by a word of its own; of some, some labels are unknown. */
const examples: Example[] = Array.from({ length: 240 }, (_, at) => {
  const category = at % 3 === 0 ? (at / 3) % categories.length : undefined;
  const words = Array.from({ length: 12 }, () => pick(plain));
  if (category !== undefined) words.splice(4, 0, telling[category]!, telling[category]!);
  const known = categories.filter((_, label) => label === category || (at + label) % 5 > 0);
  return {
    text: words.join(' '),
    labels: Object.fromEntries(
      known.map((label) => [label, category !== undefined && label === categories[category]]),
    ),
    vector: Array.from({ length: 8 }, (_, dim) => random() - 0.5 + Number(dim === category)),
  };
});

const digest = (list: readonly Example[]): string =>
  createHash('sha256')
    .update(JSON.stringify(writeWeights(train(list))))
    .digest('hex');

describe('training', () => {
  const weights = train(examples);

  it('makes the same file from the same texts, byte for byte', () => {
    expect(digest(examples)).toBe('05096db7041cd978a290f8525f7500a58b24bb2150c70d91d2dcb6360127b840');
  });

  it('learns what tells the categories apart', () => {
    const linear = new LinearModel(weights);
    for (const [at, word] of telling.entries()) {
      const scores = linear.score(`the mill ${word} ${word} grinds corn`);
      expect(scores.indexOf(Math.max(...scores))).toBe(at);
    }
  });

  it('takes a missing label for unknown, not for no', () => {
    const without = examples.map(({ labels, ...rest }) => ({
      ...rest,
      labels: { ...Object.fromEntries(categories.map((category) => [category, false])), ...labels },
    }));
    expect(writeWeights(train(without)).heads.text.bias).not.toEqual(writeWeights(weights).heads.text.bias);
  });
});

describe('cross-validation', () => {
  it('judges each text once, by a model that never saw it', () => {
    const [verdicts] = crossValidated(examples, [['words']]);
    expect(verdicts!.map(({ example }) => example)).toEqual(examples);
    const unsafe = verdicts!.filter(({ example }) => isUnsafe(example));
    const right = unsafe.filter(({ example, scores }) => {
      const best = categories.reduce((one, other) => (scores[other] > scores[one] ? other : one));
      return example.labels[best];
    });
    expect(right.length / unsafe.length).toBeGreaterThan(0.8);
  });
});

describe('folds', () => {
  const variants = [...examples, ...examples.slice(0, 20).map((one) => ({ ...one, text: `${one.text}!` }))];
  const kinds = firstOfKind(variants.map(({ text }) => text));
  const folds = foldsOf(variants, kinds, 5, 1);

  it('hold variants of a text together', () => {
    for (let at = 0; at < 20; at++) expect(folds[examples.length + at]).toBe(folds[at]);
  });

  it('have about as many unsafe texts each', () => {
    const kept = new Set(kinds);
    const counts = Array.from(
      { length: 5 },
      (_, fold) => folds.filter((of, at) => of === fold && kept.has(at) && isUnsafe(variants[at]!)).length,
    );
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  });

  it('do not depend on the order of the texts', () => {
    const turned = variants.toReversed();
    const foldsTurned = foldsOf(turned, firstOfKind(turned.map(({ text }) => text)), 5, 1);
    const together = (list: readonly number[]): string[] =>
      list.slice(0, 30).flatMap((one, at) => list.slice(0, at).map((other) => `${one === other}`));
    expect(together(foldsTurned.toReversed())).toEqual(together(folds));
  });
});
