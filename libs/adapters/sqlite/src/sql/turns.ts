import { MillraceError } from '@millrace/contracts';

/**
 * Lends one thing to one holder at a time, in the order of asking. Beyond `maxWaiting` askers are refused with
 * `queue_full`.
 */
export class Turns {
  private held = false;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly maxWaiting: number) {}

  async take(): Promise<void> {
    if (!this.held) {
      this.held = true;
      return;
    }
    if (this.waiting.length >= this.maxWaiting)
      throw new MillraceError('queue_full', { retryAfter: 1, detail: 'the database is behind' });
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.held = false;
  }
}
