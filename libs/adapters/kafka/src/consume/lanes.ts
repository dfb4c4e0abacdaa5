import type { LogRecord } from '@millrace/ports';
import { settled } from '../connection/within.ts';
import { Lane, type LaneWork } from './lane.ts';
import { placeKey, type Place } from './place.ts';

/** The one membership of the group through which records come and offsets go. */
export interface PartitionSource {
  pause(place: Place): void;
  resume(place: Place): void;
  /** Goes on fetching at this offset. */
  seek(place: Place, offset: number): void;
  /** In a while, together with others. Rejects when the group does not take the offset from us any more. */
  commit(place: Place, offset: number): Promise<void>;
  /** Commits at once from now on, until the group has been dealt out. */
  hurry(): void;
  /** What still waits to be committed there is rejected. */
  withdraw(place: Place): void;
}

/**
 * The partitions that this subscription has records of. They outlive a membership: what a handler is at when the group is
 * dealt out anew, or its broker goes away, is never begun a second time in this process before it has ended.
 */
export class Lanes {
  /** What the group gave us last. */
  assigned: readonly Place[] = [];
  private readonly lanes = new Map<string, Lane>();
  /** Those that did not end in time when the group was dealt out anew. */
  private readonly overdue = new Set<Lane>();
  private readonly closing = new AbortController();
  private accepting = false;
  private source: PartitionSource | undefined;
  private readonly work: LaneWork;

  constructor(work: Omit<LaneWork, 'commit' | 'onRoom'>) {
    this.work = {
      ...work,
      commit: (place, offset) => this.commit(place, offset),
      onRoom: (place, room) => (room ? this.source?.resume(place) : this.source?.pause(place)),
    };
  }

  /** False: not now, they have to be fetched again. */
  take(place: Place, records: readonly LogRecord[]): boolean {
    if (!this.accepting) return false;
    this.laneOf(place).offer(records);
    return true;
  }

  /**
   * Before the group is dealt out anew: begins nothing more, forgets what was not begun, and waits for what runs to end
   * and its offsets to move, but not longer than `ms`.
   */
  async settle(ms: number): Promise<void> {
    this.accepting = false;
    const running = [...this.lanes.values()].filter((lane) => !this.overdue.has(lane));
    for (const lane of running) lane.stop();
    this.source?.hurry();
    await settled(ms, Promise.all(running.map((lane) => lane.idle())));
    for (const lane of running)
      if (lane.isRunning) this.outlast(lane);
      else this.release(lane);
  }

  /** The group has been dealt out. `renewed`: as a new member, to whom what is still running does not belong. */
  dealt(source: PartitionSource, places: readonly Place[], renewed: boolean): void {
    this.source = source;
    this.assigned = places;
    const ours = new Set(places.map(placeKey));
    for (const [key, lane] of this.lanes) {
      source.pause(lane.place);
      if (!renewed && ours.has(key)) continue;
      lane.lose();
      source.withdraw(lane.place);
    }
    this.accepting = !this.closing.signal.aborted;
  }

  /** Begins nothing more, tells the handlers, and waits for them. */
  async close(): Promise<void> {
    this.accepting = false;
    this.closing.abort();
    for (const place of this.assigned) this.source?.pause(place);
    this.source?.hurry();
    await Promise.all([...this.lanes.values()].map((lane) => lane.idle()));
  }

  private laneOf(place: Place): Lane {
    const key = placeKey(place);
    const lane = this.lanes.get(key) ?? new Lane(place, this.work, this.closing.signal);
    this.lanes.set(key, lane);
    return lane;
  }

  private async commit(place: Place, offset: number): Promise<void> {
    if (!this.source) throw new Error('not a member of the group');
    await this.source.commit(place, offset);
  }

  private outlast(lane: Lane): void {
    this.overdue.add(lane);
    this.source?.pause(lane.place);
    void lane.idle().then(() => this.release(lane));
  }

  /** What was forgotten is fetched again, from where the group's offset is now. */
  private release(lane: Lane): void {
    const { place, committed, isLost } = lane;
    this.lanes.delete(placeKey(place));
    const outlasted = this.overdue.delete(lane);
    if (outlasted && this.accepting && committed !== undefined && !isLost)
      this.source?.seek(place, committed);
    this.source?.resume(place);
  }
}
