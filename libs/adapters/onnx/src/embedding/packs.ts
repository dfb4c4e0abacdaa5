/** Of most models. Attention takes memory by the square of a text's length: longer ones are fewer in a run. */
const USUAL_LONGEST = 512;
/** What a run costs beside its tokens, in tokens: below it, another run is dearer than padding. */
const RUN_COST = 256;

/**
 * Which texts go into a run together, each padded to the longest of its run: the way of least cost among those that keep texts
 * of like length together. All of a run have `mostTokens` at most, padding included; a text that is longer has a run of its own.
 *
 * @param lengths tokens of each text
 * @returns runs, each with the indices of its texts, short texts first
 */
export function packs(lengths: readonly number[], mostTokens: number): number[][] {
  const byLength = [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]!);
  // Of the first so many by length: the least cost, and where their last run begins.
  const cost = [0];
  const begin = [0];
  for (let end = 1; end <= byLength.length; end++) {
    const longest = lengths[byLength[end - 1]!]!;
    for (let from = end - 1; from >= 0; from--) {
      const padded = (end - from) * longest;
      const isTooMuch = padded > mostTokens || padded * longest > mostTokens * USUAL_LONGEST;
      if (isTooMuch && end - from > 1) break;
      const all = cost[from]! + RUN_COST + padded;
      if (all >= (cost[end] ?? Infinity)) continue;
      cost[end] = all;
      begin[end] = from;
    }
  }
  const runs: number[][] = [];
  for (let end = byLength.length; end > 0; end = begin[end]!) runs.unshift(byLength.slice(begin[end], end));
  return runs;
}
