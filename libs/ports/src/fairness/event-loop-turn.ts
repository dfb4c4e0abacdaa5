import { setImmediate } from 'node:timers/promises';

/** Milliseconds that work may hold the event loop before whoever else shares it goes on. */
const turnMs = 4;

/** The time that a longer piece of work has the event loop for: between its steps, `if (turn.isOver) await turn.next()`. */
export class EventLoopTurn {
  private ends = performance.now() + turnMs;

  get isOver(): boolean {
    return performance.now() >= this.ends;
  }

  /** Resolves when all others that were ready have had theirs. */
  async next(): Promise<void> {
    await setImmediate();
    this.ends = performance.now() + turnMs;
  }
}
