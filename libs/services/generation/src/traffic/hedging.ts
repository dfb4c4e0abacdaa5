/** So many may be asked twice at once after a quiet time. */
const mostAtOnce = 10;

/**
 * Who is late may be outrun by another (hedged requests: Dean and Barroso, "The Tail at Scale", 2013); at most so many of a
 * hundred requests are asked twice, so that a back end that all find slow gets no double load.
 */
export class Hedging {
  private credit = 0;

  /** @param percent of the requests; 0: none */
  constructor(private readonly percent: number) {}

  get isOff(): boolean {
    return this.percent === 0;
  }

  /** A request begins. */
  begin(): void {
    this.credit = Math.min(mostAtOnce, this.credit + this.percent / 100);
  }

  /** Whether one may be asked of another as well; it counts when it is. */
  take(): boolean {
    if (this.credit < 1) return false;
    this.credit -= 1;
    return true;
  }
}
