/** A process as it is kept: `ChildWorker` is one. */
export interface KeptProcess<Hello> {
  /** Resolves once it has proved that it runs; rejects when it ended before. */
  readonly ready: Promise<Hello>;
  readonly ended: Promise<void>;
  kill(): Promise<void>;
}

export interface Upkeep<Worker, Hello> {
  /** A worker has proved that it runs. */
  readonly up: (worker: Worker, hello: Hello) => void;
  /** It has ended; another is being started. */
  readonly down: (worker: Worker) => void;
  /** A worker ended before it was ready, so many times in a row. */
  readonly failed: (times: number, error: unknown) => void;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** One place for a worker process: when its occupant ends another is started, after growing pauses while starts fail. */
export class KeepAlive<Worker extends KeptProcess<Hello>, Hello> {
  current: Worker | undefined;
  private closed = false;
  private failures = 0;
  private pause: NodeJS.Timeout | undefined;

  constructor(
    private readonly spawn: () => Worker,
    private readonly upkeep: Upkeep<Worker, Hello>,
  ) {
    this.start();
  }

  /** Ends the process at once. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.pause);
    await this.current?.kill();
  }

  private start(): void {
    const worker = this.spawn();
    this.current = worker;
    worker.ready.then(
      (hello) => this.isUp(worker, hello),
      (error: unknown) => this.hasFailed(error),
    );
    void worker.ended.then(() => this.startAgain(worker));
  }

  private isUp(worker: Worker, hello: Hello): void {
    this.failures = 0;
    this.upkeep.up(worker, hello);
  }

  private hasFailed(error: unknown): void {
    this.failures++;
    if (!this.closed) this.upkeep.failed(this.failures, error);
  }

  private startAgain(worker: Worker): void {
    this.upkeep.down(worker);
    if (this.closed) return;
    const millis = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures);
    this.pause = setTimeout(() => this.start(), millis);
  }
}
