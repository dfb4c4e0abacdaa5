import { LONGEST_WAIT_S, retryAfter, type DrainRate } from '@millrace/ports';

/**
 * When those who were refused may come again: one behind the other, as fast as work is done, each group in a line of its
 * own. If many short requests were told only when there is room for one, all would come then, and be refused again.
 */
export class ReturnLines {
  /** Group -> when there is room for the last of its line, in ms; nobody is in a line that has passed. */
  private readonly ends = new Map<string, number>();

  constructor(
    private readonly drain: DrainRate,
    private readonly now: () => number,
  ) {}

  /** Seconds until there is room for a request of so many tokens, of which there is none now for `excess`. */
  join(group: string, tokens: number, excess: number): number {
    const now = this.now();
    for (const [name, end] of this.ends) if (end <= now) this.ends.delete(name);
    const before = ((this.ends.get(group) ?? now) - now) / 1000;
    this.ends.set(group, now + Math.min(LONGEST_WAIT_S, before + this.drain.secondsOf(tokens)) * 1000);
    return retryAfter(before + this.drain.secondsOf(excess));
  }
}
