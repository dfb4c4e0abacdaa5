import { categories, isHarmless, isUnsafe, type Category } from './example.ts';
import type { Verdict } from './cross-validation.ts';
import { areaUnderRoc, averagePrecision, f1, share, type Decided, type Judged } from './metrics.ts';

export type Measure = (verdicts: readonly Verdict[]) => number;

const labelled = (verdicts: readonly Verdict[], category: Category): (Judged & Decided)[] =>
  verdicts
    .filter(({ example }) => example.labels[category] !== undefined)
    .map(({ example, scores, found }) => ({
      score: scores[category],
      isFound: found[category],
      isPositive: example.labels[category] === true,
    }));

/** That it is of at least one category, as if each were for itself. */
export const harmScore = (scores: Verdict['scores']): number =>
  1 - categories.reduce((none, category) => none * (1 - scores[category]), 1);

export const isFlagged = ({ found }: Pick<Verdict, 'found'>): boolean =>
  categories.some((category) => found[category]);

const overall = (verdicts: readonly Verdict[]): (Judged & Decided)[] =>
  verdicts.map((verdict) => ({
    score: harmScore(verdict.scores),
    isFound: isFlagged(verdict),
    isPositive: isUnsafe(verdict.example),
  }));

/** Those of which every label is known. */
const certain = (verdicts: readonly Verdict[]): readonly Verdict[] =>
  verdicts.filter(({ example }) => isUnsafe(example) || isHarmless(example));

/** Of a category: AP, AUC, F1 and the share of what is not of it but found. */
export const ofCategory = (category: Category) =>
  ({
    AP: (verdicts) => averagePrecision(labelled(verdicts, category)),
    AUC: (verdicts) => areaUnderRoc(labelled(verdicts, category)),
    F1: (verdicts) => f1(labelled(verdicts, category)),
  }) satisfies Record<string, Measure>;

/** Of any harm at all. A text without a positive label counts as harmless, though labels of it may be unknown. */
export const ofAnyHarm = {
  AP: (verdicts) => averagePrecision(overall(verdicts)),
  AUC: (verdicts) => areaUnderRoc(overall(verdicts)),
  F1: (verdicts) => f1(overall(verdicts)),
  'AUC, where all labels are known': (verdicts) => areaUnderRoc(overall(certain(verdicts))),
  found: (verdicts) => share(overall(verdicts).filter(({ isPositive }) => isPositive)),
  'false alarms': (verdicts) => share(overall(verdicts.filter(({ example }) => isHarmless(example)))),
} satisfies Record<string, Measure>;
