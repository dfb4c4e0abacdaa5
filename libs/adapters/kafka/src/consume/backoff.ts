const longestMs = 30_000;

/** Milliseconds to wait after so many failures in a row: twice as long each time, give or take a quarter. */
export const backoffMs = (failures: number, firstMs: number, random = Math.random()): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30)) * (0.75 + random / 2);
