/**
 * Counts what tenants use against their limits, exactly across all processes that share the store.
 *
 * Windows are laid end to end from the epoch by the store's clock, so that those of a day are days in UTC, and never go
 * back when that clock does. Of two that follow each other both may be used up: a limit holds for each window, not for
 * any span as long. What is limited is counted, from the first reservation under that limit on.
 *
 * A reservation counts whole in the windows in which it was made. To settle it puts what was used in its place, be that
 * less or more; where a window is over meanwhile, that one stays as it was. When the process that holds it dies nobody
 * settles, its lease ends, and what was reserved counts as used. So does a reservation whose answer was lost on its way.
 *
 * Together reservations never exceed a limit. More is used only by as much as was settled beyond what had been reserved.
 * A store that loses its data begins all windows anew.
 *
 * Every call rejects with `dependency_unavailable` while the store is away, within seconds: whether the work goes
 * on without is for the caller to decide.
 */
export interface QuotaLedger {
  /** In one atomic step: reserves `cost` under all of these limits, or nothing at all. */
  reserve(
    tenant: string,
    cost: QuotaCost,
    limits: readonly QuotaLimit[],
    leaseMs: number,
  ): Promise<Reservation>;

  /** False when it counts otherwise already, and goes on to: it was settled before, or its lease has ended. */
  settle(grant: QuotaGrant, used: QuotaCost): Promise<boolean>;

  /** Its lease ends so long after now. False when it has ended already, or was settled. */
  renew(grant: QuotaGrant, leaseMs: number): Promise<boolean>;

  healthy(): Promise<boolean>;

  close(): Promise<void>;
}

/** Whole numbers, 2^52 at most. */
export interface QuotaCost {
  readonly requests: number;
  readonly tokens: number;
  /** Millionths of the currency that limits and prices are in. */
  readonly spend: number;
}

export interface QuotaLimit {
  readonly measure: keyof QuotaCost;
  readonly windowMs: number;
  /** At most 2^52. */
  readonly max: number;
}

/** Names a reservation, with all that is needed to settle it. */
export interface QuotaGrant {
  readonly id: string;
  readonly tenant: string;
  readonly charges: readonly QuotaCharge[];
}

/** What was reserved in one window. */
export interface QuotaCharge {
  readonly measure: keyof QuotaCost;
  readonly windowMs: number;
  /** Its number since the epoch. */
  readonly window: number;
  readonly amount: number;
}

export type Reservation = (
  | { readonly outcome: 'granted'; readonly grant: QuotaGrant }
  /** Fits after this time, unless others come before. `limit`: the one that takes longest. */
  | { readonly outcome: 'wait'; readonly waitMs: number; readonly limit: QuotaLimit }
  /** More than this limit allows in any window. */
  | { readonly outcome: 'never'; readonly limit: QuotaLimit }
) & {
  /** Of each limit, in their order. */
  readonly standings: readonly QuotaStanding[];
  /** Leases of this tenant that have ended without being settled; each is told of once, to whoever comes first. */
  readonly endedLeases: number;
};

/** What is left under a limit. */
export interface QuotaStanding {
  readonly limit: QuotaLimit;
  readonly remaining: number;
  /** Until its window ends and all is there again. */
  readonly resetMs: number;
}
