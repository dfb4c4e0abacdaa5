import { setTimeout as pause } from 'node:timers/promises';
import { placeKey, type Place } from './place.ts';

/** The offset from which the group goes on in a partition. */
export interface PlaceOffset extends Place {
  readonly offset: number;
}

interface Waiting {
  readonly moved: PlaceOffset;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Moves a group's offsets by one request at a time, and rests after each: what is asked for meanwhile goes together with
 * the next. What a member that dies has handled since the last one is handled again by another.
 */
export class OffsetCommits {
  private waiting = new Map<string, Waiting>();
  private sending = false;
  private hurrying = new AbortController();

  /**
   * @param send rejects when the group takes none of these offsets from us
   * @param restMs milliseconds
   */
  constructor(
    private readonly send: (moved: readonly PlaceOffset[]) => Promise<void>,
    private readonly restMs: number,
  ) {}

  /** What still waits of the same place goes with it. */
  commit(place: Place, offset: number): Promise<void> {
    const key = placeKey(place);
    const done = this.waiting.get(key)?.done ?? Promise.withResolvers<void>();
    this.waiting.set(key, { moved: { ...place, offset }, done });
    if (!this.sending) void this.sendAll();
    return done.promise;
  }

  /** The place is another's now: what still waits of it is rejected. */
  withdraw(place: Place): void {
    const key = placeKey(place);
    const waiting = this.waiting.get(key);
    this.waiting.delete(key);
    waiting?.done.reject(new Error('the partition was given to another member'));
  }

  /** No rest from now on, for others wait for it. */
  hurry(): void {
    this.hurrying.abort();
  }

  /** There is time again. */
  calm(): void {
    if (this.hurrying.signal.aborted) this.hurrying = new AbortController();
  }

  /** Whoever comes after the last look must find nothing being sent, so there is no pause in between. */
  private async sendAll(): Promise<void> {
    this.sending = true;
    while (this.waiting.size > 0) {
      await this.sendTogether();
      await this.rest();
    }
    this.sending = false;
  }

  private async sendTogether(): Promise<void> {
    const together = [...this.waiting.values()];
    this.waiting = new Map();
    try {
      await this.send(together.map(({ moved }) => moved));
      for (const { done } of together) done.resolve();
    } catch (error) {
      for (const { done } of together) done.reject(error);
    }
  }

  private async rest(): Promise<void> {
    const { signal } = this.hurrying;
    await pause(this.restMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
