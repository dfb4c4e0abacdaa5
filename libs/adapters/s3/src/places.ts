import { MillraceError } from '@millrace/contracts';

/** Lets a number of tasks run at a time, the others in the order of asking; beyond `maxWaiting`, `queue_full`. */
export class Places {
  private readonly waiting: (() => void)[] = [];

  constructor(
    private free: number,
    private readonly maxWaiting: number,
  ) {}

  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.take();
    try {
      return await task();
    } finally {
      this.give();
    }
  }

  private async take(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    if (this.waiting.length >= this.maxWaiting)
      throw new MillraceError('queue_full', { retryAfter: 1, detail: 'the blob store is behind' });
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
}
