import { Injectable } from '@nestjs/common';

/** After a question's vector comes its search, and often the next question. */
const calmMs = 30;
/** However many ask: what nobody waits for goes on after so long. */
const longestWaitMs = 100;

/** Knows whether somebody waits for a vector in this process, so that what nobody waits for can keep out of the way. */
@Injectable()
export class QuestionsUnderWay {
  private count = 0;
  private lastEnd = -Infinity;
  private readonly waiting = new Set<() => void>();

  async during<T>(answer: () => Promise<T>): Promise<T> {
    this.count += 1;
    try {
      return await answer();
    } finally {
      this.count -= 1;
      this.lastEnd = performance.now();
      if (this.count === 0) for (const wake of this.waiting) wake();
    }
  }

  /** Resolves once there has been none for a moment, or after a tenth of a second. Rejects when the signal aborts. */
  async letPass(signal: AbortSignal): Promise<void> {
    const end = performance.now() + longestWaitMs;
    for (;;) {
      signal.throwIfAborted();
      const now = performance.now();
      const calm = this.count > 0 ? Infinity : this.lastEnd + calmMs - now;
      if (calm <= 0 || now >= end) return;
      await this.ended(Math.min(calm, end - now), signal);
    }
  }

  /** Until there is none, or for so long. */
  private async ended(atMostMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = (): void => reject(signal.reason as Error);
    const timer = setTimeout(resolve, atMostMs);
    signal.addEventListener('abort', abort, { once: true });
    this.waiting.add(resolve);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      this.waiting.delete(resolve);
    }
  }
}
