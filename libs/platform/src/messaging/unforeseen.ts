import type { LogRecord } from '@millrace/ports';

const everyMs = 10_000;
/** Far more than come again at a time; one that is forgotten gets the same letter once more. */
const remembered = 1_000;

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

  /** True when one more record may be given up. */
  mayGiveUp(): boolean {
    const earned = Math.floor((this.now() - this.countedAt) / everyMs);
    this.countedAt += earned * everyMs;
    this.allowance = Math.min(this.burst, this.allowance + earned);
    if (this.allowance === 0) return false;
    this.allowance -= 1;
    return true;
  }

  /** Once its letter is written, not before: else a letter that fails would lose the record. */
  gaveUp(record: LogRecord): void {
    this.givenUp.add(nameOf(record));
    if (this.givenUp.size > remembered) this.givenUp.delete(this.givenUp.keys().next().value!);
  }

  has(record: LogRecord): boolean {
    return this.givenUp.has(nameOf(record));
  }
}

/** With its time: in a topic that was made anew the offsets begin again. */
const nameOf = ({ topic, partition, offset, timestamp }: LogRecord): string =>
  `${topic}/${partition}/${offset}/${timestamp}`;
