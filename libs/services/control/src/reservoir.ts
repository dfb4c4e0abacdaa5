/** Some of many, each as likely as any other, without knowing how many come (algorithm R, Vitter 1985). */
export class Reservoir<T> {
  private kept: T[] = [];
  private seen = 0;

  constructor(
    private readonly size: number,
    private readonly random: () => number = Math.random,
  ) {}

  offer(one: T): void {
    this.seen += 1;
    if (this.kept.length < this.size) return void this.kept.push(one);
    const at = Math.floor(this.random() * this.seen);
    if (at < this.size) this.kept[at] = one;
  }

  all(): readonly T[] {
    return this.kept;
  }

  empty(): void {
    this.kept = [];
    this.seen = 0;
  }
}
