import { setTimeout as pause } from 'node:timers/promises';
import type { LogRecord, Subscription } from '@millrace/ports';
import { backoffMs } from './backoff.ts';
import type { Place } from './place.ts';
import type { Turns } from './turns.ts';

/** Bytes of one batch, beyond which it is cut (a single record may be larger). */
const maxBatchBytes = 4 * 1024 * 1024;
/** Bytes of waiting records above which no more are fetched of this partition; one fetch may go beyond. */
const enoughBytes = 2 * 1024 * 1024;
const enoughRecords = 5_000;

export interface LaneWork {
  readonly subscription: Pick<Subscription, 'maxBatch' | 'handler'>;
  readonly turns: Turns;
  /** Moves the group's offset, soon; rejects when that cannot be any more. */
  readonly commit: (place: Place, offset: number) => Promise<void>;
  /** There is room for more records, or no longer. */
  readonly onRoom: (place: Place, room: boolean) => void;
  readonly onError: (error: unknown) => void;
  readonly redeliveryPauseMs: number;
}

/**
 * The records of one partition that were fetched and not yet handled. They are handled in order, a batch at a time. The
 * offset follows, while the next batch is handled. A batch that was rejected is tried again, after a longer pause each time.
 */
export class Lane {
  /** The offset up to which the group has come here, once it moved. */
  committed: number | undefined;
  private waiting: LogRecord[] = [];
  private waitingBytes = 0;
  private running = false;
  private handled: Promise<void> = Promise.resolve();
  /** How many times the offset has yet to move, and the last of them. */
  private moving = 0;
  private moved: Promise<void> = Promise.resolve();
  private room = true;
  private readonly stopping = new AbortController();
  private readonly losing = new AbortController();
  /** For the handler. */
  private readonly signal: AbortSignal;
  private readonly over: AbortSignal;

  constructor(
    readonly place: Place,
    private readonly work: LaneWork,
    closing: AbortSignal,
  ) {
    this.signal = AbortSignal.any([closing, this.losing.signal]);
    this.over = AbortSignal.any([closing, this.stopping.signal]);
  }

  /** Handles a batch, or its offset has not moved yet. */
  get isRunning(): boolean {
    return this.running || this.moving > 0;
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    await this.handled;
    await this.moved;
  }

  get isLost(): boolean {
    return this.losing.signal.aborted;
  }

  offer(records: readonly LogRecord[]): void {
    this.waiting.push(...records);
    this.waitingBytes += bytesOf(records);
    this.tellRoom();
    if (!this.running) this.handled = this.run();
  }

  /** Begins no other batch. What runs may end, and its offset move. */
  stop(): void {
    this.stopping.abort();
  }

  /** The partition is another's now: what runs had better end, and its offset no longer moves. */
  lose(): void {
    this.stop();
    this.losing.abort();
  }

  /** Whoever offers after the last look must find nothing running, so there is no pause in between. */
  private async run(): Promise<void> {
    this.running = true;
    for (let failures = 0; this.waiting.length > 0 && !this.over.aborted;) {
      const batch = firstOf(this.waiting, this.work.subscription.maxBatch);
      if (await this.handle(batch)) {
        failures = 0;
        this.move(batch);
      } else await this.rest(++failures);
    }
    this.running = false;
  }

  private async handle(batch: readonly LogRecord[]): Promise<boolean> {
    const { subscription, turns, onError } = this.work;
    try {
      return await turns.take(async () => {
        if (this.over.aborted) return false;
        await subscription.handler(batch, this.signal);
        return true;
      });
    } catch (error) {
      if (!this.signal.aborted) onError(error);
      return false;
    }
  }

  private move(batch: readonly LogRecord[]): void {
    this.waiting.splice(0, batch.length);
    this.waitingBytes -= bytesOf(batch);
    this.tellRoom();
    if (!this.isLost) this.moved = this.commit(batch.at(-1)!.offset + 1);
  }

  private async commit(next: number): Promise<void> {
    this.moving++;
    try {
      await this.work.commit(this.place, next);
      this.committed = next;
    } catch {
      // Whoever has the partition next sees the batch again.
      this.stop();
    } finally {
      this.moving--;
    }
  }

  private async rest(failures: number): Promise<void> {
    const ms = backoffMs(failures, this.work.redeliveryPauseMs);
    await pause(ms, undefined, { signal: this.over }).catch(() => undefined);
  }

  private tellRoom(): void {
    const room = this.waitingBytes < enoughBytes && this.waiting.length < enoughRecords;
    // One that was stopped is fetched for again when it has ended, from where its offset is then.
    if (room === this.room || (room && this.over.aborted)) return;
    this.room = room;
    this.work.onRoom(this.place, room);
  }
}

const bytesOf = (records: readonly LogRecord[]): number =>
  records.reduce((sum, { value }) => sum + value.byteLength, 0);

/** At least one, at most `maxRecords`, and of more than one not more than a batch's bytes. */
function firstOf(waiting: readonly LogRecord[], maxRecords: number): LogRecord[] {
  let bytes = 0;
  let count = 0;
  for (const { value } of waiting) {
    bytes += value.byteLength;
    if (count === maxRecords || (count > 0 && bytes > maxBatchBytes)) break;
    count++;
  }
  return waiting.slice(0, count);
}
