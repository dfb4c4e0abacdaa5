import type { Collection } from '../collection/collection.ts';
import { leftBehind, type Pointer } from './pointer.ts';

/** Younger, and whoever flipped the pointer is at it. */
const leaveAloneMs = 10_000;

/** Takes away what no search will see again. */
export class Sweeper {
  private busy = false;

  async sweep(collection: Collection, pointer: Pointer): Promise<void> {
    await collection.run((client, name) => client.delete(name, { wait: true, filter: leftBehind(pointer) }));
  }

  /** In the background, one document at a time; what cannot be done now is found again. */
  offer(collection: Collection, pointer: Pointer): void {
    if (this.busy || pointer.at > Date.now() - leaveAloneMs) return;
    this.busy = true;
    void this.sweep(collection, pointer)
      .catch(() => undefined)
      .finally(() => (this.busy = false));
  }
}
