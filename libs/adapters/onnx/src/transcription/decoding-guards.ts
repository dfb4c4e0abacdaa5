/** Longest run of tokens that is looked at as a repeated phrase. */
const LONGEST_PHRASE = 8;
/** A phrase said so often in a row is the decoder's, not the speaker's; single tokens may stutter a little more. */
const REPEATS = 3;
const SINGLE_REPEATS = 6;

/** True when the newest tokens are one phrase over and over: there is no use in going on. */
export const repeatsItself = (ids: readonly number[]): boolean => repeatedTail(ids) !== undefined;

/** The ids with a repeated phrase at the end said once. */
export function withoutRepeats(ids: readonly number[]): number[] {
  const tail = repeatedTail(ids);
  return tail ? ids.slice(0, ids.length - tail.phrase * (tail.times - 1)) : [...ids];
}

function repeatedTail(ids: readonly number[]): { phrase: number; times: number } | undefined {
  for (let phrase = 1; phrase <= LONGEST_PHRASE; phrase++) {
    const times = timesSaid(ids, phrase);
    if (times >= (phrase === 1 ? SINGLE_REPEATS : REPEATS)) return { phrase, times };
  }
  return undefined;
}

/** How often the last `phrase` tokens stand at the end, one after the other. */
function timesSaid(ids: readonly number[], phrase: number): number {
  let same = 0;
  while (same + phrase < ids.length && ids[ids.length - 1 - same] === ids[ids.length - 1 - same - phrase])
    same++;
  return 1 + Math.floor(same / phrase);
}

/** False when the letters are mostly of another script: the model knows English only. */
export function isLatin(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return latin * 2 >= letters;
}
