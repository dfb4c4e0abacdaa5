import { printable } from './printable.ts';
import type { TextStream } from './text-stream.ts';

export interface Progress {
  /** @param text what there is to say beside the number: "40 indexed" */
  update(done: number, text: string): void;
  /** Leaves an empty line for what follows. */
  end(): void;
}

/** Milliseconds between two lines where there is no terminal to rewrite. */
const plainEveryMs = 5_000;
const barWidth = 24;

/** A live line on a terminal, a plain line every few seconds elsewhere. */
export class ProgressBar implements Progress {
  private printedAt: number;

  constructor(
    private readonly stream: TextStream,
    private readonly total: number,
    private readonly now: () => number = Date.now,
  ) {
    this.printedAt = now();
  }

  update(done: number, text: string): void {
    const numbers = `${done}/${this.total}`;
    if (this.stream.isTTY) {
      const line = `${this.bar(done)} ${numbers} ${printable(text)}`;
      this.stream.write(`\r\x1b[2K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
    } else if (this.now() - this.printedAt >= plainEveryMs) {
      this.printedAt = this.now();
      this.stream.write(`${numbers} ${printable(text)}\n`);
    }
  }

  end(): void {
    if (this.stream.isTTY) this.stream.write('\r\x1b[2K');
  }

  private bar(done: number): string {
    const filled = Math.round((barWidth * done) / Math.max(this.total, 1));
    return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}]`;
  }
}
