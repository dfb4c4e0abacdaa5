import type { Verdict } from './cross-validation.ts';
import { categories, isHarmless, isUnsafe, type Category } from './example.ts';
import { areaUnderRoc, averagePrecision, f1, share, type Decided, type Judged } from './metrics.ts';

/** A figure, and the verdicts that it is of. */
export interface Figure {
  readonly name: string;
  readonly of: (verdicts: readonly Verdict[]) => readonly Case[];
  readonly value: (cases: readonly Case[]) => number;
}

type Case = Judged & Decided;

/** Of a category, where its label is known. */
export const figuresOf = (category: Category): readonly Figure[] => {
  const of = (verdicts: readonly Verdict[]): Case[] =>
    verdicts
      .filter(({ example }) => example.labels[category] !== undefined)
      .map(({ example, scores, found }) => ({
        score: scores[category],
        isFound: found[category],
        isPositive: example.labels[category] === true,
      }));
  return [
    { name: 'AP', of, value: averagePrecision },
    { name: 'AUC', of, value: areaUnderRoc },
    { name: 'F1', of, value: f1 },
  ];
};

/** That it is of at least one category, as if each were for itself. */
const harmScore = (scores: Verdict['scores']): number =>
  1 - categories.reduce((none, category) => none * (1 - scores[category]), 1);

const caseOf = ({ example, scores, found }: Verdict): Case => ({
  score: harmScore(scores),
  isFound: categories.some((category) => found[category]),
  isPositive: isUnsafe(example),
});

const those = (isMeant: (example: Verdict['example']) => boolean) => (verdicts: readonly Verdict[]) =>
  verdicts.filter(({ example }) => isMeant(example)).map(caseOf);
const all = those(() => true);

/** Of any harm at all. A text without a positive label counts as harmless here, though labels of it may be unknown. */
export const anyHarm: readonly Figure[] = [
  { name: 'AP', of: all, value: averagePrecision },
  { name: 'AUC', of: all, value: areaUnderRoc },
  { name: 'F1', of: all, value: f1 },
  {
    name: 'AUC, where all labels are known',
    of: those((example) => isUnsafe(example) || isHarmless(example)),
    value: areaUnderRoc,
  },
  { name: 'found', of: those(isUnsafe), value: share },
  { name: 'false alarms', of: those(isHarmless), value: share },
];
