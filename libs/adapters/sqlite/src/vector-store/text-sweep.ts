import { setTimeout as pause } from 'node:timers/promises';
import { inSteps } from '../thread/in-steps.ts';

/** Milliseconds from an erasure to the sweep at least, so that those that follow soon share one. */
const gatherMs = 1_000;
/** Milliseconds after a step that failed, on a full disk for one. */
const retryMs = 60_000;

/**
 * Has the words of erased chunks taken out of the text index's file. FTS5 marks a deleted row and keeps its words until
 * the part of the index that they lie in is written anew: here soon after the erasure, and step by step, so that neither
 * ingestion nor a search has to wait.
 */
export class TextSweep {
  private readonly closing = new AbortController();
  private running: Promise<void> | undefined;
  private isDue = false;
  /** A large index takes long: its next sweep waits for as long as the last one took. */
  private lastMs = 0;

  /** @param step a sweep's first step makes it cover all that was erased until then; resolves with true after its last */
  constructor(private readonly step: (isFirst: boolean) => Promise<boolean>) {}

  /** Something was erased. */
  due(): void {
    this.isDue = true;
    this.running ??= this.run();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (this.isDue) {
        await this.rest(Math.max(gatherMs, this.lastMs));
        this.isDue = false;
        const begin = performance.now();
        await this.sweep();
        this.lastMs = performance.now() - begin;
      }
    } catch {
      // Closed: what is left is known in the file, for the next start.
    }
    this.running = undefined;
  }

  private async sweep(): Promise<void> {
    let isFirst = true;
    const step = (): Promise<boolean> => {
      const stepped = this.step(isFirst);
      isFirst = false;
      return stepped;
    };
    try {
      await inSteps(step, this.closing.signal);
    } catch {
      this.isDue = true;
      await this.rest(retryMs);
    }
  }

  /** Rejects once closed. */
  private rest(ms: number): Promise<void> {
    return pause(ms, undefined, { signal: this.closing.signal, ref: false });
  }
}
