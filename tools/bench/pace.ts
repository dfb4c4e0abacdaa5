import { setTimeout as pause } from 'node:timers/promises';

/** Acts at a steady rate, whether or not earlier ones are done: how long each took, in ms. */
export async function atPace(
  count: number,
  perSecond: number,
  act: (n: number) => Promise<unknown>,
): Promise<number[]> {
  const start = performance.now();
  const ended: Promise<number>[] = [];
  for (let n = 0; n < count; n++) {
    const ahead = start + (n * 1000) / perSecond - performance.now();
    if (ahead > 0) await pause(ahead);
    const before = performance.now();
    ended.push(act(n).then(() => performance.now() - before));
  }
  return Promise.all(ended);
}
