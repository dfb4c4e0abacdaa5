/** Mean and standard deviation (of the sample) of the scores of a list. */
export interface ScoreDistribution {
  readonly mean: number;
  readonly deviation: number;
}

/** One pass, and a deviation of exactly 0 for equal scores: https://jonisalonen.com/2013/deriving-welfords-method-for-computing-variance/ */
export function distributionOf(list: readonly { readonly score: number }[]): ScoreDistribution {
  let mean = 0;
  let squares = 0;
  for (const [index, { score }] of list.entries()) {
    const before = score - mean;
    mean += before / (index + 1);
    squares += before * (score - mean);
  }
  return { mean, deviation: list.length > 1 ? Math.sqrt(squares / (list.length - 1)) : 0 };
}

/** Where a score lies between mean - 3 deviations, which is 0, and mean + 3, which is 1; 0.5 where there is no deviation. */
export function placeIn({ mean, deviation }: ScoreDistribution, score: number): number {
  const [low, high] = [mean - 3 * deviation, mean + 3 * deviation];
  return low === high ? 0.5 : (score - low) / (high - low);
}
