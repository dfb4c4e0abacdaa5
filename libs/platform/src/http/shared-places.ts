/** Places in memory, of large bodies or of requests. Where keys are in use, one caller gets no more than half of them. */
export class SharedPlaces {
  private readonly held = new Map<string, number>();
  private all = 0;
  private readonly share: number;

  /** @param undivided one caller may have them all */
  constructor(
    private readonly places: number,
    undivided: boolean,
  ) {
    this.share = undivided ? places : Math.ceil(places / 2);
  }

  /** What gives the place back; undefined when there is none for this caller. */
  take(caller: string): (() => void) | undefined {
    const own = this.held.get(caller) ?? 0;
    if (this.all >= this.places || own >= this.share) return undefined;
    this.count(caller, 1);
    return () => this.count(caller, -1);
  }

  private count(caller: string, by: 1 | -1): void {
    this.all += by;
    const own = (this.held.get(caller) ?? 0) + by;
    if (own === 0) this.held.delete(caller);
    else this.held.set(caller, own);
  }
}
