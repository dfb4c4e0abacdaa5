/**
 * What each tenant has been served, as far as it counts: Virtual Token Counter (Sheng et al., OSDI 2024). Whoever comes back
 * to those who wait is lifted to the least of them, so that nobody banks credit while he is away; what he had beyond them
 * stays with him.
 *
 * Not `Turns` of the ports: there a turn is paid for in full when it begins, and how long an answer will be nobody knows
 * then. A tenant of long answers would pay for short ones.
 */
export class VirtualCounters {
  /** The most that the least of those who waited ever had. */
  private floor = 0;
  private readonly counters = new Map<string, number>();
  private sweepAbove = 64;

  /** Tenants of which something is known. */
  get size(): number {
    return this.counters.size;
  }

  of(tenant: string): number {
    return this.counters.get(tenant) ?? this.floor;
  }

  /** It joins those who wait. */
  lift(tenant: string, waiting: Iterable<string>): void {
    this.rise(waiting);
    this.counters.set(tenant, Math.max(this.floor, this.of(tenant)));
    if (this.counters.size > this.sweepAbove) this.sweep();
  }

  /** Negative where less was used than was thought. */
  charge(tenant: string, service: number): void {
    this.counters.set(tenant, this.of(tenant) + service);
  }

  /** To be told before one of those who wait is served. */
  rise(waiting: Iterable<string>): void {
    const least = Math.min(...this.among(waiting));
    if (Number.isFinite(least)) this.floor = Math.max(this.floor, least);
  }

  /** Between the one that was served most and the one that was served least. */
  gap(waiting: Iterable<string>): number {
    const counts = this.among(waiting);
    return counts.length === 0 ? 0 : Math.max(...counts) - Math.min(...counts);
  }

  private among(tenants: Iterable<string>): number[] {
    return [...new Set(tenants)].map((tenant) => this.of(tenant));
  }

  /** One at the floor says nothing. */
  private sweep(): void {
    for (const [tenant, count] of this.counters) if (count <= this.floor) this.counters.delete(tenant);
    this.sweepAbove = 64 + 2 * this.counters.size;
  }
}
