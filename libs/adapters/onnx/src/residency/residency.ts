import { MillraceError } from '@millrace/contracts';
import type { Place, Resident } from './place.ts';
import { entered, Waiter, type Entered, type UseOptions } from './waiter.ts';

export interface ResidencyOptions {
  /** What all that are in memory may take together. */
  readonly budgetBytes: number;
  /** Milliseconds without work after which one is let go. */
  readonly idleMs: number;
  /** Milliseconds that work waits for memory which others hold. */
  readonly waitMs: number;
}

/** Who may wait for memory: each holds its work meanwhile. */
const MAX_WAITING = 64;

/**
 * Who is in memory, within a budget. What is asked for is loaded when it fits, in the order that it was asked for; to make
 * it fit, those without work are let go, the one used longest ago first, and only if that is enough. Nobody with work is
 * ever let go; so what does not fit waits, for a time, and is refused then. What is required is outside the budget.
 */
export class Residency {
  private readonly places = new Set<Place<Resident>>();
  private waiting: Waiter[] = [];
  private closed = false;
  /** Counts uses: which was longest ago. */
  private uses = 0;

  constructor(private readonly options: ResidencyOptions) {}

  /** What those that are in memory take, and those that are being let go. */
  get bytes(): number {
    const counted = [...this.places].filter(({ isHeld, required }) => isHeld && !required);
    return counted.reduce((sum, place) => sum + place.bytes, 0);
  }

  /**
   * Does the work with what belongs into that place, loaded before if it is not there, and keeps it there meanwhile.
   * Rejects with `queue_full` when memory did not become free in time, `model_too_large` when it never will be enough,
   * `shutting_down`, `cancelled`, and with what loading rejects with.
   */
  async use<T extends Resident, R>(
    place: Place<T>,
    work: (resident: T) => Promise<R>,
    options: UseOptions = {},
  ): Promise<R> {
    this.places.add(place);
    if (this.closed) throw new MillraceError('shutting_down');
    if (options.signal?.aborted) throw new MillraceError('cancelled');
    const { resident } = place.resident ? entered(place) : await this.turn(place, options);
    try {
      return await work((await resident) as T);
    } finally {
      this.leave(place);
    }
  }

  /** What has no work stays in memory as long as it is kept; what is required is kept. */
  keep(place: Place<Resident>, kept: boolean, required = false): void {
    place.required = required;
    if (place.kept === kept) return;
    place.kept = kept;
    if (!kept && place.isIdle) place.whenIdleFor(this.options.idleMs, () => place.kept || this.letGo(place));
  }

  /** Refuses what waits, and closes what is in memory, as soon as its work is done. */
  async close(): Promise<void> {
    this.closed = true;
    for (const waiter of this.waiting) waiter.refuse(new MillraceError('shutting_down'));
    await Promise.all([...this.places].map((place) => place.unload()));
  }

  private turn(place: Place<Resident>, options: UseOptions): Promise<Entered<Resident>> {
    const { waitMs, budgetBytes } = this.options;
    if (!this.everFits(place)) throw tooLarge(place, budgetBytes);
    const late = new MillraceError('queue_full', {
      retryAfter: Math.max(1, Math.ceil(waitMs / 1000)),
      detail: 'other embedding models are at work, and there is no memory for one more',
    });
    if (!this.mayWait(options.group)) throw late;
    const onRefused = (waiter: Waiter): void => this.forget(waiter);
    const waiter = new Waiter(place, options, { waitMs, late, onRefused });
    this.waiting.push(waiter);
    this.pump();
    return waiter.turn;
  }

  private mayWait(group = ''): boolean {
    const own = this.waiting.filter((waiter) => waiter.group === group).length;
    return this.waiting.length < MAX_WAITING && (group === '' || own < MAX_WAITING / 2);
  }

  private forget(waiter: Waiter): void {
    this.waiting = this.waiting.filter((other) => other !== waiter);
    this.pump();
  }

  /** Lets in who waits, in order, until there is no room for the next. */
  private pump(): void {
    for (let [next] = this.waiting; next && !this.closed; [next] = this.waiting) {
      const { place } = next;
      if (!place.resident && !this.everFits(place))
        return next.refuse(tooLarge(place, this.options.budgetBytes));
      if (!place.resident && !this.hasRoom(place)) return;
      this.waiting.shift();
      next.letIn();
    }
  }

  private everFits({ bytes, required }: Place<Resident>): boolean {
    return required || bytes <= this.options.budgetBytes;
  }

  private hasRoom(place: Place<Resident>): boolean {
    if (place.required) return !place.isHeld;
    const lack = this.bytes + (place.isHeld ? 0 : place.bytes) - this.options.budgetBytes;
    if (lack > 0) this.evict(lack);
    return lack <= 0 && !place.isHeld;
  }

  /** Begins to let go of what has no work, unless all of that is not enough. */
  private evict(bytes: number): void {
    const all = [...this.places];
    let lack = all.reduce((rest, place) => (place.isLeaving ? rest - place.bytes : rest), bytes);
    const idle = all
      .filter((place) => place.isIdle && !place.kept && !place.required)
      .sort((a, b) => a.lastUse - b.lastUse);
    if (idle.reduce((sum, place) => sum + place.bytes, 0) < lack) return;
    for (const place of idle) {
      if (lack <= 0) return;
      lack -= place.bytes;
      place.evictions++;
      this.letGo(place);
    }
  }

  private leave(place: Place<Resident>): void {
    place.leave(++this.uses);
    if (this.closed) return;
    const excess = this.bytes - this.options.budgetBytes;
    if (excess > 0) this.evict(excess);
    if (place.isIdle && !place.kept)
      place.whenIdleFor(this.options.idleMs, () => place.kept || this.letGo(place));
    this.pump();
  }

  private letGo(place: Place<Resident>): void {
    void place.unload().then(() => this.pump());
  }
}

function tooLarge({ bytes }: Place<Resident>, budgetBytes: number): MillraceError {
  const [needs, has] = [bytes, budgetBytes].map((each) => Math.ceil(each / 1e6));
  return new MillraceError('model_too_large', { detail: `${needs} MB, and there are ${has}` });
}
