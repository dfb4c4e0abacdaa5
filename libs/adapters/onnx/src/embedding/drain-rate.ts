/** Half of what is remembered is older than this many seconds of work. */
const HALF_LIFE_S = 10;

/** Tokens per second while there is work, smoothed: how long a full queue will take. */
export class DrainRate {
  private tokens = 0;
  private seconds = 0;

  /** @param seconds of work since the last call */
  add(tokens: number, seconds: number): void {
    const kept = 0.5 ** (seconds / HALF_LIFE_S);
    this.tokens = this.tokens * kept + tokens;
    this.seconds = this.seconds * kept + seconds;
  }

  /** Whole seconds until this many tokens are through, 1 to 60; 1 while nothing is known. */
  secondsFor(tokens: number): number {
    if (this.tokens === 0) return 1;
    const estimate = (tokens * this.seconds) / this.tokens;
    return Math.min(60, Math.max(1, Math.ceil(estimate)));
  }
}
