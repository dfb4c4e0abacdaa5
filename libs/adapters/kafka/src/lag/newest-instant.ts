/**
 * The newest instant, in whole milliseconds up to `now`, for which `isReached` does not hold, given that it holds for all
 * after one that it holds for. Looks back in steps that double, then halves: for an instant of some seconds ago that is some
 * twenty questions.
 */
export async function newestBefore(
  now: number,
  isReached: (instant: number) => Promise<boolean>,
): Promise<number> {
  let [before, after] = [now, now + 1];
  for (let step = 1_000; before > 0 && (await isReached(before)); step *= 2) {
    after = before;
    before = Math.max(0, now - step);
  }
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (await isReached(middle)) after = middle;
    else before = middle;
  }
  return before;
}
