/** When a window is whole. */
export interface WindowBounds {
  /** Samples that it keeps. */
  readonly samples: number;
  /** Milliseconds that it lasts at least. */
  readonly lastsMs: number;
}

/** Samples of a stretch of time; of more than it keeps, each as likely as any other (algorithm R, Vitter 1985). */
export class SampleWindow<Kept> {
  readonly kept: Kept[] = [];
  private readonly from: number;
  private to: number;
  private seen = 0;

  /** @param now epoch milliseconds, as all times here */
  constructor(
    private readonly bounds: WindowBounds,
    private readonly random: () => number,
    now: number,
  ) {
    this.from = now;
    this.to = now;
  }

  /** @param make is called for a sample that is kept, which of very many few are */
  offer(make: () => Kept, now: number): void {
    this.seen += 1;
    this.to = now;
    const { samples } = this.bounds;
    const at = this.kept.length < samples ? this.kept.length : Math.floor(this.random() * this.seen);
    if (at < samples) this.kept[at] = make();
  }

  get isWhole(): boolean {
    return this.kept.length === this.bounds.samples && this.to - this.from >= this.bounds.lastsMs;
  }

  /** What may be told of it. */
  get extent(): { readonly samples: number; readonly from: string; readonly to: string } {
    const [from, to] = [this.from, this.to].map((at) => new Date(at).toISOString()) as [string, string];
    return { samples: this.kept.length, from, to };
  }
}
