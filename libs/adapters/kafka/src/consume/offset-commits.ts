import { placeKey, type Place } from './place.ts';

/** The offset from which the group goes on in a partition. */
export interface PlaceOffset extends Place {
  readonly offset: number;
}

interface Waiting {
  readonly moved: PlaceOffset;
  readonly done: PromiseWithResolvers<void>;
}

/** Moves a group's offsets by one request at a time: what is asked for meanwhile goes together with the next. */
export class OffsetCommits {
  private waiting = new Map<string, Waiting>();
  private sending = false;

  /** @param send rejects when the group takes none of these offsets from us */
  constructor(private readonly send: (moved: readonly PlaceOffset[]) => Promise<void>) {}

  /** One at a time of each place. */
  commit(place: Place, offset: number): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.waiting.set(placeKey(place), { moved: { ...place, offset }, done });
    if (!this.sending) void this.sendAll();
    return done.promise;
  }

  /** Whoever comes after the last look must find nothing being sent, so there is no pause in between. */
  private async sendAll(): Promise<void> {
    this.sending = true;
    while (this.waiting.size > 0) await this.sendTogether();
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
}
