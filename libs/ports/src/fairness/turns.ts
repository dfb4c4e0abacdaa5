/**
 * Whose turn it is among groups that all want the same: start-time fair queueing. A group's turn starts where its last
 * one ended, or now, whichever is later; the earliest start goes first, and the start of whoever goes is now. So what
 * groups with work get differs by no more than one turn, and a group that was away is neither behind nor, but for a
 * head start, ahead.
 */
export class Turns {
  private now = 0;
  private readonly ends = new Map<string, number>();
  private sweepAbove = 64;

  /** @param head What one that was away may have before the others go on: what small things need to be done in one go. */
  constructor(private readonly head = 0) {}

  /** The smallest goes first. */
  startOf(group: string): number {
    return Math.max(this.now - this.head, this.ends.get(group) ?? -Infinity);
  }

  /** The group has its turn. One that was out of turn, while an earlier group could not go, does not move the clock. */
  take(group: string, cost: number, outOfTurn = false): void {
    const start = this.startOf(group);
    if (!outOfTurn) this.now = Math.max(this.now, start);
    this.ends.set(group, start + cost);
    if (this.ends.size > this.sweepAbove) this.sweep();
  }

  /** Nobody waits: all are equal again. */
  reset(): void {
    this.now = 0;
    this.ends.clear();
  }

  /** An end that is past says nothing. */
  private sweep(): void {
    for (const [group, end] of this.ends) if (end <= this.now - this.head) this.ends.delete(group);
    this.sweepAbove = 64 + 2 * this.ends.size;
  }
}
