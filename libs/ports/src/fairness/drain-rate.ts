/** Half of what is remembered is older than this many seconds of work. */
const HALF_LIFE_S = 10;
/** Nobody is told to wait for longer. */
export const LONGEST_WAIT_S = 60;

/** Whole seconds, as a caller is told them. */
export const retryAfter = (seconds: number): number =>
  Math.min(LONGEST_WAIT_S, Math.max(1, Math.ceil(seconds)));

/** Tokens, bytes or answers per second while there is work, smoothed: how long a full queue will take. */
export class DrainRate {
  private amount = 0;
  private seconds = 0;

  /** @param seconds of work since the last call */
  add(amount: number, seconds: number): void {
    const kept = 0.5 ** (seconds / HALF_LIFE_S);
    this.amount = this.amount * kept + amount;
    this.seconds = this.seconds * kept + seconds;
  }

  /** Whole seconds until this much is through, 1 to 60; 1 while nothing is known. */
  secondsFor(amount: number): number {
    return retryAfter(this.secondsOf(amount));
  }

  /** What so much takes; nothing while nothing is known. */
  secondsOf(amount: number): number {
    return this.amount === 0 ? 0 : (amount * this.seconds) / this.amount;
  }
}
