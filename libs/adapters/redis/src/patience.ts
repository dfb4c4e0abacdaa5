/**
 * Asks something that may be away, and after a failure leaves it alone for a while: callers then go without at once
 * instead of each waiting for the same time-out, and what is away is not buried in questions.
 */
export class Patience {
  private restUntil = 0;

  constructor(
    private readonly restMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async orElse<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
    if (this.now() < this.restUntil) return otherwise;
    try {
      return await ask();
    } catch {
      this.restUntil = this.now() + this.restMs;
      return otherwise;
    }
  }
}
