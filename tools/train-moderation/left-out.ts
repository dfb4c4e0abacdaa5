import { isOf, kinds, labelled, trainedFor, type Kind, type Learning } from './kinds.ts';
import { scoresOf } from './logistic-regression.ts';
import { innerFolds, type Material } from './material.ts';
import { areaUnderRoc } from './metrics.ts';

/** For each kind those of all examples, each by a model that was trained without it and its variants. */
export type LeftOutScores = Readonly<Record<Kind, readonly number[]>>;

export function leftOutScores(learning: Learning): LeftOutScores {
  const { folds, examples } = learning.material;
  const scores = Object.fromEntries(kinds.map((kind) => [kind, examples.map(() => 0)])) as Record<
    Kind,
    number[]
  >;
  const rowsWhere = (isMeant: (fold: number) => boolean): number[] =>
    folds.flatMap((fold, row) => (isMeant(fold) ? [row] : []));
  for (let fold = 0; fold < innerFolds; fold++) {
    const others = rowsWhere((of) => of !== fold);
    const out = rowsWhere((of) => of === fold);
    for (const kind of kinds) {
      const { rows, solution } = trainedFor(kind, others, learning);
      const { similarity } = learning;
      scoresOf({ similarity, size: examples.length, rows }, solution, out).forEach(
        (score, at) => (scores[kind][out[at]!] = score),
      );
    }
  }
  return scores;
}

/** How well the kinds are told apart: the mean over all of them of the area under the curve. */
export function separation(material: Material, scores: LeftOutScores): number {
  const areas = kinds.map((kind) =>
    areaUnderRoc(
      labelled(material, kind).map((row) => ({
        score: scores[kind][row]!,
        isPositive: isOf(material, kind, row),
      })),
    ),
  );
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}
