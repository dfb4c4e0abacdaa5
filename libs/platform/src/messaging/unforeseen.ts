const everyMs = 10_000;

/**
 * Records that fail for a reason nobody foresaw. A few are the records' own fault and must not hold up those behind them;
 * many are a fault of ours, and a flow that waits for its mending is better than one that empties itself into the dead
 * letters. So a few are given up, and after that one now and then.
 */
export class Unforeseen {
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
}
