/** The value below which the given share of the samples lies (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export const mean = (samples: readonly number[]): number =>
  samples.reduce((sum, sample) => sum + sample, 0) / samples.length;

/** The percentiles every latency case carries. */
export const percentiles = (samples: readonly number[]) => ({
  n: samples.length,
  p50: percentile(samples, 0.5),
  p95: percentile(samples, 0.95),
  p99: percentile(samples, 0.99),
});

/** Numbers as a person reads them: three digits that count. */
export const rounded = (value: number): number => (value === 0 ? 0 : Number(value.toPrecision(3)));

/** The ends of the 95 % interval of a share, in per cent (Wilson's). */
export function shareInterval(of: number, n: number): { low: number; high: number } {
  const z = 1.96;
  const middle = (of + z ** 2 / 2) / (n + z ** 2);
  const half = (z / (n + z ** 2)) * Math.sqrt((of * (n - of)) / n + z ** 2 / 4);
  return { low: 100 * Math.max(0, middle - half), high: 100 * Math.min(1, middle + half) };
}

/** How often one of the high ones is above one of the low ones, ties for half: the area under the ROC curve. */
export function areaUnderCurve(high: readonly number[], low: readonly number[]): number {
  const sorted = [...low].sort((a, b) => a - b);
  const above = (value: number): number => (below(sorted, value) + below(sorted, value, true)) / 2;
  return high.reduce((sum, value) => sum + above(value), 0) / (high.length * low.length);
}

/** How many are less than the value, or no more than it. */
function below(sorted: readonly number[], value: number, orEqual = false): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < value || (orEqual && sorted[middle] === value)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Numbers from 0 to 1 that look random and are the same every time. */
export function repeatable(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The ends of the 95 % interval of a figure of samples: what it is of as many drawn from them, with returns (bootstrap). */
export function bootstrapInterval<T>(
  samples: readonly T[],
  figure: (drawn: readonly T[]) => number,
  draws = 400,
) {
  const random = repeatable();
  const draw = () => samples[Math.floor(random() * samples.length)]!;
  const figures = Array.from({ length: draws }, () => figure(samples.map(draw)));
  return { low: percentile(figures, 0.025), high: percentile(figures, 0.975) };
}
