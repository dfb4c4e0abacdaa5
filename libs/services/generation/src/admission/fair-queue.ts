import { tiers, type Tier } from './service-tier.ts';
import { VirtualCounters } from './virtual-counters.ts';

export interface QueueBounds {
  readonly places: number;
  /** Places beyond those, for whoever's turn it is when he has no answer under way. */
  readonly spare: number;
  readonly maxWaiting: number;
  readonly maxWaitingOfTenant: number;
  /**
   * What has waited so long in `flex` counts as `default`, so that it does not wait for ever. Nothing rises further: the old
   * requests of a tenant that asks for too much would go before the new ones of others.
   */
  readonly flexAtMostMs: number;
}

export interface Wish {
  readonly tenant: string;
  readonly tier: Tier;
  /** What is charged when it begins. */
  readonly service: number;
}

/** One that waits, or has a place. */
export class Ticket {
  state: 'waiting' | 'under way' | 'gone' = 'waiting';
  charged = 0;

  constructor(
    readonly wish: Wish,
    readonly since: number,
  ) {}
}

/**
 * Who has the next place. Of those in the first tier it is the tenant that was served least; alone a tenant may have every
 * place.
 *
 * Two tenants of one tier that both wait all the while are served alike: the gap between what each gets is at most
 * 2 (wp Lprompt + (places + spare) (wq Lanswer + e)), Lprompt and Lanswer being the longest prompt and answer and e what is
 * charged for one and given back at its end. That is the bound of Virtual Token Counter with the answers under way in place
 * of the batch: a tenant has its turn when its counter is the least; from there it rises by a prompt, and by what its
 * answers under way still say, before it has another.
 */
export class FairQueue {
  /** In the order of their coming. */
  private waiting: Ticket[] = [];
  private readonly underWay = new Map<string, number>();
  private taken = 0;
  private readonly counters = new VirtualCounters();

  constructor(private readonly bounds: QueueBounds) {}

  get answering(): number {
    return this.taken;
  }

  get tenantsWaiting(): ReadonlySet<string> {
    return new Set(this.waiting.map(({ wish }) => wish.tenant));
  }

  /** Between tenants that wait. */
  get gap(): number {
    return this.counters.gap(this.tenantsWaiting);
  }

  waitingIn(tier: Tier): number {
    return this.waiting.filter(({ wish }) => wish.tier === tier).length;
  }

  waitingOf(tenant: string): number {
    return this.waiting.filter(({ wish }) => wish.tenant === tenant).length;
  }

  /** It waits, until `next` says otherwise. */
  enter(wish: Wish, now: number): Ticket {
    const others = this.tenantsWaiting;
    if (!others.has(wish.tenant)) this.counters.lift(wish.tenant, others);
    const ticket = new Ticket(wish, now);
    this.waiting.push(ticket);
    return ticket;
  }

  /** The bound that one more who waits has broken. */
  overfull({ wish }: Ticket): 'tenant' | 'all' | undefined {
    if (this.waitingOf(wish.tenant) > this.bounds.maxWaitingOfTenant) return 'tenant';
    return this.waiting.length > this.bounds.maxWaiting ? 'all' : undefined;
  }

  /** Whose turn it is, where there is a place for him: it is his from now on. */
  next(now: number): Ticket | undefined {
    const ticket = this.turn(now);
    if (!ticket || !this.mayBegin(ticket.wish.tenant)) return undefined;
    this.counters.rise(this.tenantsWaiting);
    this.waiting = this.waiting.filter((one) => one !== ticket);
    ticket.state = 'under way';
    this.count(ticket.wish.tenant, 1);
    this.charge(ticket, ticket.wish.service);
    return ticket;
  }

  /** @param service what the answer has taken so far, in all */
  charge(ticket: Ticket, service: number): void {
    this.counters.charge(ticket.wish.tenant, service - ticket.charged);
    ticket.charged = service;
  }

  /** It waits no longer, or gives its place back. */
  leave(ticket: Ticket): void {
    if (ticket.state === 'under way') this.count(ticket.wish.tenant, -1);
    this.waiting = this.waiting.filter((one) => one !== ticket);
    ticket.state = 'gone';
  }

  private turn(now: number): Ticket | undefined {
    const first = Math.min(...this.waiting.map((ticket) => this.rank(ticket, now)));
    return this.waiting
      .filter((ticket) => this.rank(ticket, now) === first)
      .reduce<Ticket | undefined>(
        (best, one) => (best && !this.goesBefore(one, best) ? best : one),
        undefined,
      );
  }

  private rank({ wish, since }: Ticket, now: number): number {
    const isOld = now - since >= this.bounds.flexAtMostMs;
    return tiers.indexOf(wish.tier === 'flex' && isOld ? 'default' : wish.tier);
  }

  /** Of one tenant the first who came; of equal ones the tenant with fewer answers under way. */
  private goesBefore({ wish: one }: Ticket, { wish: other }: Ticket): boolean {
    const ahead = this.counters.of(other.tenant) - this.counters.of(one.tenant);
    return ahead === 0 ? this.held(one.tenant) < this.held(other.tenant) : ahead > 0;
  }

  private mayBegin(tenant: string): boolean {
    const { places, spare } = this.bounds;
    return this.taken < (this.held(tenant) === 0 ? places + spare : places);
  }

  private held(tenant: string): number {
    return this.underWay.get(tenant) ?? 0;
  }

  private count(tenant: string, by: 1 | -1): void {
    const held = this.held(tenant) + by;
    if (held === 0) this.underWay.delete(tenant);
    else this.underWay.set(tenant, held);
    this.taken += by;
  }
}
