/** What goes on in the same way is told of again after this. */
const againMs = 30_000;
/** Ways that are told apart; with one more, all are told of anew. */
const mostWays = 64;

/** Decides what is worth a line: the first of its way, and one in half a minute while it goes on. */
export class Sparing {
  private readonly ways = new Map<string, { toldAt: number; untold: number }>();

  /** How many were not told of since the last one that was; undefined when this one is not to be told of either. */
  tell(way: string): number | undefined {
    const known = this.ways.get(way);
    if (known && performance.now() - known.toldAt < againMs) return void known.untold++;
    if (this.ways.size >= mostWays) this.ways.clear();
    this.ways.set(way, { toldAt: performance.now(), untold: 0 });
    return known?.untold ?? 0;
  }
}
