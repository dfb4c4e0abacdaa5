import type { SqliteThread } from '../thread/sqlite-thread.ts';
import type { GroupOffset } from './event-log-calls.ts';

export interface OffsetCommitsOptions {
  /** Milliseconds for which offsets are gathered. */
  readonly gatherMs: number;
  /** Milliseconds before what could not be written is tried again. */
  readonly retryPauseMs: number;
  readonly onError: (error: unknown) => void;
}

/**
 * Writes how far groups have come, all that moved within a few milliseconds by one call: every record moves the offset
 * of each group that reads it. What a crash takes from here is seen again, as what was never handled.
 */
export class OffsetCommits {
  private waiting = new Map<string, GroupOffset>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly thread: SqliteThread,
    private readonly options: OffsetCommitsOptions,
  ) {}

  /** Everything before `offset` was handled by the group. */
  move(moved: GroupOffset): void {
    this.waiting.set(keyOf(moved), moved);
    this.flushIn(this.options.gatherMs);
  }

  /** Sends what waits; calls made on the thread after this one see it. Resolves when it is written or waits again. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.size === 0) return;
    const together = [...this.waiting.values()];
    this.waiting = new Map();
    try {
      await this.thread.call<void>('commit', together);
    } catch (error) {
      if (this.thread.ended) return;
      this.options.onError(error);
      this.keep(together);
    }
  }

  /** What has moved on meanwhile stays so. */
  private keep(offsets: readonly GroupOffset[]): void {
    this.waiting = new Map([...offsets.map((moved) => [keyOf(moved), moved] as const), ...this.waiting]);
    this.flushIn(this.options.retryPauseMs);
  }

  private flushIn(ms: number): void {
    this.timer ??= setTimeout(() => void this.flush(), ms).unref();
  }
}

const keyOf = ({ group, partition }: GroupOffset): string => `${partition} ${group}`;
