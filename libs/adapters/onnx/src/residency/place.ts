/** What can be in memory. */
export interface Resident {
  /** Resolves when its memory is free again. */
  close(): Promise<void>;
}

/** How it comes there. */
export interface Residable<T extends Resident> {
  /** What it takes, or will when it is loaded, as far as is known. */
  readonly bytes: number;
  load(): Promise<T>;
}

/** Where one thing that can be in memory is, or not: who uses it, and how often it came and went. */
export class Place<T extends Resident> {
  /** There, or being loaded. */
  resident: Promise<T> | undefined;
  /** There. */
  current: T | undefined;
  loads = 0;
  unloads = 0;
  evictions = 0;
  /** Stays though it has no work. */
  kept = false;
  /** Comes and stays whatever room there is, outside the budget. */
  required = false;
  /** Among the uses of all, the number of its last one. */
  lastUse = 0;
  private users = 0;
  private leaving: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly what: Residable<T>) {}

  get bytes(): number {
    return this.what.bytes;
  }

  /** Its memory is in use. */
  get isHeld(): boolean {
    return this.resident !== undefined || this.isLeaving;
  }

  get isLeaving(): boolean {
    return this.leaving !== undefined;
  }

  get isIdle(): boolean {
    return this.resident !== undefined && this.users === 0;
  }

  /** Loads it unless it is there. Whoever enters has to leave, also when loading rejects. */
  enter(): Promise<T> {
    clearTimeout(this.timer);
    this.users++;
    return (this.resident ??= this.load());
  }

  leave(use: number): void {
    this.users--;
    this.lastUse = use;
  }

  whenIdleFor(millis: number, then: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, millis).unref();
  }

  /** Closes it, if it is there. */
  async unload(): Promise<void> {
    clearTimeout(this.timer);
    const { resident } = this;
    if (!resident) return this.leaving;
    this.resident = this.current = undefined;
    this.unloads++;
    this.leaving = resident
      .then((each) => each.close())
      .catch(() => undefined)
      .finally(() => (this.leaving = undefined));
    return this.leaving;
  }

  /** What could not be loaded is tried again by the next who enters. */
  private load(): Promise<T> {
    const loading = this.what.load();
    loading.then(
      (loaded) => {
        this.loads++;
        if (this.resident === loading) this.current = loaded;
      },
      () => {
        if (this.resident === loading) this.resident = undefined;
      },
    );
    return loading;
  }
}
