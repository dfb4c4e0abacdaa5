import { setTimeout as pause } from 'node:timers/promises';

/** After each step the thread is left to others for so many times as long. */
const restShare = 4;

/**
 * Has a thread do something long in steps, so that other calls come in between.
 * @param step resolves with true after the last
 * @param signal rejects what is left
 */
export async function inSteps(step: () => Promise<boolean>, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const begin = performance.now();
    if (await step()) return;
    await pause((performance.now() - begin) * restShare, undefined, {
      ref: false,
      ...(signal && { signal }),
    });
  }
}
