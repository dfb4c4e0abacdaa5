/** Numbers from 0 to 1, the same for a seed each time: the linear congruential generator of Numerical Recipes. */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
