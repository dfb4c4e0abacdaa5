/** Claimed blobs in memory at a time. */
const places = 2;

/** A claimed blob lies in memory until it is copied: a few at a time, so that many large ones take no more than that. */
export class ClaimPlaces {
  private free = places;
  private readonly waiting: (() => void)[] = [];

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
