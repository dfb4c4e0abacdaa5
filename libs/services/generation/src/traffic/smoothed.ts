/** Of a new value, what counts in the mean and in the deviation: a change shows within some answers. */
const share = 0.25;
const deviations = 2;

/** A time that changes, by its mean and mean deviation, as TCP estimates round trips (RFC 6298). */
export class Smoothed {
  private value: number | undefined;
  private deviation = 0;

  get mean(): number | undefined {
    return this.value;
  }

  /** What it will seldom be above; 0 while nothing is known. */
  get upper(): number {
    return (this.value ?? 0) + deviations * this.deviation;
  }

  observe(value: number): void {
    if (this.value === undefined) return this.restart(value);
    this.deviation += share * (Math.abs(value - this.value) - this.deviation);
    this.value += share * (value - this.value);
  }

  /** What was before no longer counts. */
  restart(value: number): void {
    this.value = value;
    this.deviation = 0;
  }
}
