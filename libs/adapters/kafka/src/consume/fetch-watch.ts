/**
 * Tells which fetches were under way when the group was dealt out anew. Records of such a one start at a position that no
 * longer holds, though the partition may still be ours.
 */
export class FetchWatch {
  private readonly underWay = new Set<string>();
  private readonly outdated = new Set<string>();
  /** Milliseconds, of `performance.now`, when a fetch was last begun. */
  lastAt = performance.now();

  began(node: string): void {
    this.lastAt = performance.now();
    this.underWay.add(node);
    this.outdated.delete(node);
  }

  ended(node: string): void {
    this.underWay.delete(node);
  }

  dealt(): void {
    this.lastAt = performance.now();
    for (const node of this.underWay) this.outdated.add(node);
  }

  /** Whether all that arrives was asked for since. */
  get isCurrent(): boolean {
    return this.outdated.size === 0;
  }
}
