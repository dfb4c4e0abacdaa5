import type { Judged } from './metrics.ts';

/** Of texts that are not of a category, so many at most may be found to be. */
export const falseAlarms = 0.01;

/** A text that is less likely to be of a category is not found to be: rare ones would be found in anything. */
export const leastChance = 0.3;

/** The threshold with the best F1 among those that raise few false alarms. A score reaches it or not; four digits. */
export function thresholdOf(judged: readonly Judged[]): number {
  const sorted = judged.toSorted((one, other) => other.score - one.score);
  const positives = sorted.filter(({ isPositive }) => isPositive).length;
  const allowed = falseAlarms * (sorted.length - positives);
  let best = { f1: 0, threshold: 1 };
  let found = 0;
  for (const [at, { score, isPositive }] of sorted.entries()) {
    if (isPositive) found++;
    if (at + 1 - found > allowed) break;
    const f1 = (2 * found) / (at + 1 + positives);
    if (f1 > best.f1) best = { f1, threshold: (score + (sorted[at + 1]?.score ?? 0)) / 2 };
  }
  return Number(Math.max(leastChance, best.threshold).toFixed(4));
}
