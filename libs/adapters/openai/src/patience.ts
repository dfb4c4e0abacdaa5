/**
 * Bounds how long we wait for the other side. Only time spent waiting counts: while our own reader is slow, the
 * other side is not to blame.
 */
export class Patience {
  private spent = 0;

  constructor(
    private limitMs: number,
    private readonly onExpired: (limitMs: number) => void,
  ) {}

  /** Something came: the count begins anew, with another limit. */
  renew(limitMs: number): void {
    this.spent = 0;
    this.limitMs = limitMs;
  }

  async during<T>(waiting: Promise<T>): Promise<T> {
    const since = performance.now();
    const timer = setTimeout(() => this.onExpired(this.limitMs), Math.max(0, this.limitMs - this.spent));
    try {
      return await waiting;
    } finally {
      clearTimeout(timer);
      this.spent += performance.now() - since;
    }
  }
}
