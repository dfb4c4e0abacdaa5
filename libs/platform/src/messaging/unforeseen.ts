import type { LogRecord } from '@millrace/ports';

const everyMs = 10_000;

/**
 * Records that fail for a reason nobody foresaw. A few are the records' own fault and must not hold up those behind them;
 * many are a fault of ours, and a flow that waits for its mending is better than one that empties itself into the dead
 * letters. So a few are given up, and after that one now and then.
 */
export class Unforeseen {
  /** Handled again with those that came along, when one of these failed. */
  private readonly givenUp = new Set<string>();
  private allowance: number;
  private countedAt: number;

  /** `burst`: how many are given up at once; after that it is one every ten seconds. */
  constructor(
    private readonly burst = 20,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.allowance = burst;
    this.countedAt = now();
  }

  /** True when the record may be given up; it is then among those that are. */
  giveUp(record: LogRecord): boolean {
    const earned = Math.floor((this.now() - this.countedAt) / everyMs);
    this.countedAt += earned * everyMs;
    this.allowance = Math.min(this.burst, this.allowance + earned);
    if (this.allowance === 0) return false;
    this.allowance -= 1;
    this.givenUp.add(nameOf(record));
    return true;
  }

  has(record: LogRecord): boolean {
    return this.givenUp.has(nameOf(record));
  }
}

const nameOf = ({ topic, partition, offset }: LogRecord): string => `${topic}/${partition}/${offset}`;
