export interface Judged {
  readonly score: number;
  readonly isPositive: boolean;
}

const descending = (judged: readonly Judged[]): Judged[] =>
  judged.toSorted((one, other) => other.score - one.score);

/** How often a positive one has the higher score of two; of equal ones half count. */
export function areaUnderRoc(judged: readonly Judged[]): number {
  const sorted = descending(judged).reverse();
  let ranks = 0;
  let positives = 0;
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to]!.score === sorted[from]!.score) to++;
    const here = sorted.slice(from, to).filter(({ isPositive }) => isPositive).length;
    ranks += (here * (from + to + 1)) / 2;
    positives += here;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (sorted.length - positives));
}

/** The mean of the precisions at each positive one, best score first. */
export function averagePrecision(judged: readonly Judged[]): number {
  let found = 0;
  let sum = 0;
  for (const [at, { isPositive }] of descending(judged).entries()) if (isPositive) sum += ++found / (at + 1);
  return sum / found;
}

export interface Decided {
  readonly isFound: boolean;
  readonly isPositive: boolean;
}

export function f1(decided: readonly Decided[]): number {
  const both = decided.filter(({ isFound, isPositive }) => isFound && isPositive).length;
  const either = decided.reduce(
    (sum, { isFound, isPositive }) => sum + Number(isFound) + Number(isPositive),
    0,
  );
  return either === 0 ? 0 : (2 * both) / either;
}

export const share = (decided: readonly Pick<Decided, 'isFound'>[]): number =>
  decided.filter(({ isFound }) => isFound).length / decided.length;
