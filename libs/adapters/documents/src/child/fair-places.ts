import { MillraceError } from '@millrace/contracts';
import { Turns } from '@millrace/ports';

export interface Wish {
  /** Whose file it is. */
  readonly group: string;
  /** In any unit: groups take turns by it. */
  readonly cost: number;
}

interface Waiter extends Wish {
  readonly go: (refusal?: MillraceError) => void;
}

export interface PlaceLimits {
  readonly places: number;
  /** Places beyond those, each for a group that has none. */
  readonly spare: number;
  /** More are refused with `queue_full`; half of them is the most of a group with a name. */
  readonly maxWaiting: number;
}

/** Seconds; a waiting file takes far less as a rule. */
const retryAfter = 5;

/** Lends places to groups in turns, so that no group's long files keep another's out. */
export class FairPlaces {
  private readonly held = new Map<string, number>();
  private readonly turns = new Turns();
  private waiting: Waiter[] = [];
  private inUse = 0;
  private refusal: MillraceError | undefined;

  constructor(private readonly limits: PlaceLimits) {}

  /** What gives the place back. Rejects with `queue_full`, `cancelled`, or what `refuse` was given. */
  async take(wish: Wish, signal?: AbortSignal): Promise<() => void> {
    if (this.refusal) throw this.refusal;
    if (signal?.aborted) throw new MillraceError('cancelled');
    if (this.mayHave(wish.group)) this.lend(wish);
    else await this.wait(wish, signal);
    return () => this.giveBack(wish.group);
  }

  refuse(error: MillraceError): void {
    this.refusal = error;
    for (const { go } of this.waiting.splice(0)) go(error);
  }

  private mayHave(group: string): boolean {
    const { places, spare } = this.limits;
    return this.inUse < places || (!this.held.has(group) && this.inUse < places + spare);
  }

  private lend({ group, cost }: Wish): void {
    const outOfTurn = this.inUse >= this.limits.places;
    this.inUse++;
    this.held.set(group, (this.held.get(group) ?? 0) + 1);
    this.turns.take(group, cost, outOfTurn);
    if (this.waiting.length === 0) this.turns.reset();
  }

  private giveBack(group: string): void {
    this.inUse--;
    const left = this.held.get(group)! - 1;
    if (left > 0) this.held.set(group, left);
    else this.held.delete(group);
    for (let next = this.next(); next; next = this.next()) {
      this.waiting = this.waiting.filter((waiter) => waiter !== next);
      this.lend(next);
      next.go();
    }
  }

  /** The first of those whose turn it is that may have a place. */
  private next(): Waiter | undefined {
    const able = this.waiting.filter(({ group }) => this.mayHave(group));
    return able.reduce<Waiter | undefined>(
      (best, one) => (best && this.turns.startOf(best.group) <= this.turns.startOf(one.group) ? best : one),
      undefined,
    );
  }

  private async wait(wish: Wish, signal: AbortSignal | undefined): Promise<void> {
    const { maxWaiting } = this.limits;
    const own = this.waiting.filter(({ group }) => group === wish.group && group !== '').length;
    if (this.waiting.length >= maxWaiting || own >= maxWaiting / 2)
      throw new MillraceError('queue_full', { retryAfter });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { ...wish, go: (refusal) => (refusal ? reject(refusal) : resolve()) };
    const leave = (): void => {
      this.waiting = this.waiting.filter((other) => other !== waiter);
      reject(new MillraceError('cancelled'));
    };
    this.waiting.push(waiter);
    signal?.addEventListener('abort', leave, { once: true });
    await promise.finally(() => signal?.removeEventListener('abort', leave));
  }
}
