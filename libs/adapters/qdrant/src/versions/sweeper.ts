import { setTimeout as pause } from 'node:timers/promises';
import type { Collection } from '../collection/collection.ts';
import { leftBehind, liveVersion, type Pointer } from './pointer.ts';

/** By the clocks of any two processes: whoever moved a pointer longer ago than this is done with it. */
const leaveAloneMs = 60_000;

/** Takes away what no search will see again. */
export class Sweeper {
  private busy = false;

  /** `lingerMs`: how long a version stays after it was replaced, for the searches that were under way. */
  constructor(private readonly lingerMs: number) {}

  /** When a version may just have been replaced by the one that the pointer shows. */
  async sweepReplaced(collection: Collection, pointer: Pointer): Promise<void> {
    if (liveVersion(pointer) !== undefined && isRecent(pointer)) await pause(this.lingerMs);
    await this.sweep(collection, pointer);
  }

  async sweep(collection: Collection, pointer: Pointer): Promise<void> {
    await collection.run((client, name) => client.delete(name, { wait: true, filter: leftBehind(pointer) }));
  }

  /** In the background, one document at a time; what cannot be done now is found again. */
  offer(collection: Collection, pointer: Pointer): void {
    if (this.busy || isRecent(pointer)) return;
    this.busy = true;
    void this.sweep(collection, pointer)
      .catch(() => undefined)
      .finally(() => (this.busy = false));
  }
}

const isRecent = ({ at }: Pointer): boolean => at > Date.now() - leaveAloneMs;
