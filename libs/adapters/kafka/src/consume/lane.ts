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
  /** Moves the group's offset; rejects when that cannot be any more. */
  readonly commit: (place: Place, offset: number) => Promise<void>;
  /** There is room for more records, or no longer. */
  readonly onRoom: (place: Place, room: boolean) => void;
  readonly onError: (error: unknown) => void;
  readonly redeliveryPauseMs: number;
}

/**
 * The records of one partition that were fetched and not yet handled. They are handled in order, a batch at a time; the
 * offset moves after each. A batch that was rejected is tried again, after a longer pause each time.
 */
export class Lane {
  /** Resolved when nothing runs. */
  idle: Promise<void> = Promise.resolve();
  /** The offset up to which the group has come here, once it moved. */
  committed: number | undefined;
  private waiting: LogRecord[] = [];
  private waitingBytes = 0;
  private running = false;
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

  get isRunning(): boolean {
    return this.running;
  }

  get isLost(): boolean {
    return this.losing.signal.aborted;
  }

  offer(records: readonly LogRecord[]): void {
    this.waiting.push(...records);
    this.waitingBytes += bytesOf(records);
    this.tellRoom();
    if (this.running) return;
    this.running = true;
    this.idle = this.run().finally(() => (this.running = false));
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

  private async run(): Promise<void> {
    for (let failures = 0; this.waiting.length > 0 && !this.over.aborted;) {
      const batch = firstOf(this.waiting, this.work.subscription.maxBatch);
      if (await this.handled(batch)) {
        failures = 0;
        await this.move(batch);
      } else await this.rest(++failures);
    }
  }

  private async handled(batch: readonly LogRecord[]): Promise<boolean> {
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

  private async move(batch: readonly LogRecord[]): Promise<void> {
    const next = batch.at(-1)!.offset + 1;
    this.waiting.splice(0, batch.length);
    this.waitingBytes -= bytesOf(batch);
    if (this.isLost) return;
    try {
      await this.work.commit(this.place, next);
      this.committed = next;
      this.tellRoom();
    } catch {
      // Whoever has the partition next sees the batch again.
      this.stop();
    }
  }

  private async rest(failures: number): Promise<void> {
    const ms = backoffMs(failures, this.work.redeliveryPauseMs);
    await pause(ms, undefined, { signal: this.over }).catch(() => undefined);
  }

  private tellRoom(): void {
    const room = this.waitingBytes < enoughBytes && this.waiting.length < enoughRecords;
    if (room === this.room) return;
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
