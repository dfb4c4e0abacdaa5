import { EventLoopTurn } from '@millrace/ports';

/** Runs work to its end. */
export function atOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** The same, and lets others have the event loop wherever the work pauses after its turn. Rejects when nobody waits any more. */
export async function inTurns<T>(work: Generator<void, T>, signal?: AbortSignal): Promise<T> {
  const turn = new EventLoopTurn();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (!turn.isOver) continue;
    await turn.next();
    signal?.throwIfAborted();
  }
}
