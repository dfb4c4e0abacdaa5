import type { QuotaCharge, QuotaCost, QuotaLimit, QuotaStanding, Reservation } from '../quota-ledger.ts';

/** What is asked of a ledger. */
export interface Reserving {
  /** Of the grant, if it becomes one. */
  readonly id: string;
  readonly tenant: string;
  readonly cost: QuotaCost;
  readonly limits: readonly QuotaLimit[];
}

/** What a store found, and what it did about it in the same step. */
export interface Counted {
  readonly granted: boolean;
  /** By the store's clock, epoch milliseconds. */
  readonly now: number;
  /** Of each limit, before the reservation. */
  readonly windows: readonly { readonly window: number; readonly used: number }[];
  readonly endedLeases: number;
}

/** The window that a time lies in, if it is not before the one that was counted in last. */
export const windowAt = (now: number, windowMs: number, last = 0): number =>
  Math.max(Math.floor(now / windowMs), last);

/** Whether it may be granted, by what is used in the window of each limit. What costs nothing of a measure always fits. */
export const fits = (
  { cost, limits }: Pick<Reserving, 'cost' | 'limits'>,
  used: readonly number[],
): boolean => limits.every(({ measure, max }, at) => cost[measure] === 0 || used[at]! + cost[measure] <= max);

/** The same answer from every store. */
export function reservationOf(
  { id, tenant, cost, limits }: Reserving,
  { granted, now, windows, endedLeases }: Counted,
): Reservation {
  const standings = limits.map((limit, at): QuotaStanding => {
    const { window, used } = windows[at]!;
    const left = limit.max - used - (granted ? cost[limit.measure] : 0);
    return { limit, remaining: Math.max(0, left), resetMs: (window + 1) * limit.windowMs - now };
  });
  const common = { standings, endedLeases };
  if (granted) {
    const charges = limits.map(({ measure, windowMs }, at): QuotaCharge => ({
      measure,
      windowMs,
      window: windows[at]!.window,
      amount: cost[measure],
    }));
    return { outcome: 'granted', grant: { id, tenant, charges }, ...common };
  }
  const never = limits.find(({ measure, max }) => cost[measure] > max);
  if (never) return { outcome: 'never', limit: never, ...common };
  const [{ limit, resetMs: waitMs }] = standings
    .filter(({ limit, remaining }) => cost[limit.measure] > remaining)
    .sort((a, b) => b.resetMs - a.resetMs) as [QuotaStanding];
  return { outcome: 'wait', waitMs, limit, ...common };
}
