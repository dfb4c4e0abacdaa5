import { setImmediate } from 'node:timers/promises';

/** Milliseconds after which whoever else shares the event loop gets a turn. */
const turnMs = 4;

/** Runs work to its end. */
export function atOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** The same, and lets others have the event loop wherever the work pauses after its turn. Rejects when nobody waits any more. */
export async function inTurns<T>(work: Generator<void, T>, signal?: AbortSignal): Promise<T> {
  let turnEnds = performance.now() + turnMs;
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() < turnEnds) continue;
    await setImmediate();
    signal?.throwIfAborted();
    turnEnds = performance.now() + turnMs;
  }
}
