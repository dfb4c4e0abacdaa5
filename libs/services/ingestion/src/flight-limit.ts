/** Documents on their way that a tenant may always have. */
const least = 2;
/** Each look takes in so much time, ms: what one second says is chance. */
const lookMs = 5_000;
/** Twice as many may make each take so many times as long, or they are too many. */
const bearable = 1.4;
/** So long after too many the next try, ms. */
const restMs = 30_000;

interface Look {
  readonly since: number;
  underWay: number;
  counts: number;
  finished: number;
}

/**
 * How many documents of one tenant may be on their way at a time without making each other wait, found by trying: twice as
 * many as long as each takes hardly longer, half as many when each takes longer and that helps. So a large installation is
 * kept busy, and on a small one what others push finds it free.
 */
export class FlightLimit {
  /** Documents. */
  current = least;
  private look: Look | undefined;
  /** Seconds that a document took before the last change. */
  private usual = Infinity;
  private trying: 'more' | 'fewer' | undefined;
  private restsUntil: number | undefined;

  /** @param most Documents. */
  constructor(private readonly most: number) {}

  /**
   * @param now milliseconds
   * @param underWay documents now
   * @param finished documents since the last time
   */
  note(now: number, underWay: number, finished: number): void {
    this.restsUntil ??= now + lookMs;
    const look = (this.look ??= { since: now, underWay: 0, counts: 0, finished: 0 });
    look.underWay += underWay;
    look.counts++;
    look.finished += finished;
    if (now - look.since < lookMs) return;
    this.look = undefined;
    if (look.finished <= 0) return;
    const average = look.underWay / look.counts;
    // Little's law: what is in there, by what leaves.
    this.decide(now, (average * (now - look.since)) / 1_000 / look.finished, average);
  }

  private decide(now: number, seconds: number, underWay: number): void {
    const [isLonger, isShorter] = [seconds > bearable * this.usual, bearable * seconds < this.usual];
    if (this.trying === 'more' && isLonger) return this.goBack(now, this.current / 2);
    if (this.trying === 'fewer' && !isShorter) return this.goBack(now, this.current * 2);
    const wantsFewer = this.trying === 'fewer' || isLonger;
    const wantsMore = now >= this.restsUntil! && underWay >= this.current / 2;
    this.usual = seconds;
    if (wantsFewer && this.current > least) this.try('fewer', this.current / 2);
    else if (!wantsFewer && wantsMore && this.current < this.most) this.try('more', this.current * 2);
    else this.trying = undefined;
  }

  private try(what: 'more' | 'fewer', limit: number): void {
    this.trying = what;
    this.current = Math.min(this.most, Math.max(least, limit));
  }

  /** To what it was before the last change, which `usual` is of. */
  private goBack(now: number, limit: number): void {
    this.trying = undefined;
    this.current = Math.min(this.most, Math.max(least, limit));
    this.restsUntil = now + restMs;
  }
}
