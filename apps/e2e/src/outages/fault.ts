/** What goes wrong with an engine, and comes right again by itself. */
export interface Fault {
  /** As in `kafka away`. */
  readonly name: string;
  /** Why it cannot be had here; undefined where it can. */
  missing?(): string | undefined;
  /** What there has to be before, for as long as `trial` runs. Default: nothing. */
  prepare?<T>(trial: () => Promise<T>): Promise<T>;
  /** Resolves when it is over. */
  strike(ms: number): Promise<void>;
}
