import type {
  QuotaCost,
  QuotaGrant,
  QuotaLedger,
  QuotaLimit,
  QuotaStanding,
  Reservation,
} from '@millrace/ports';
import { expect } from 'vitest';
import { defaultPatienceMs, unique, type DurableHarness } from '../harness.ts';

/** A window that does not end while tests run: a hundred years. */
export const foreverMs = 100 * 365 * 86_400_000;

/** A lease that does not. */
export const longMs = 600_000;

export const limitOf = (
  measure: QuotaLimit['measure'],
  max: number,
  windowMs: number = foreverMs,
): QuotaLimit => ({ measure, max, windowMs });

export const costOf = (cost: Partial<QuotaCost>): QuotaCost => ({
  requests: 1,
  tokens: 0,
  spend: 0,
  ...cost,
});

/** An open ledger and a tenant of its own for one test. */
export class LedgerDesk {
  readonly tenant = unique('tenant');
  readonly patience: number;

  private constructor(
    private readonly harness: DurableHarness<QuotaLedger>,
    public ledger: QuotaLedger,
  ) {
    this.patience = harness.patienceMs ?? defaultPatienceMs;
  }

  static async open(harness: DurableHarness<QuotaLedger>): Promise<LedgerDesk> {
    return new LedgerDesk(harness, await harness.open());
  }

  /** Whoever holds grants is killed; another opens the ledger. */
  async crash(): Promise<void> {
    await this.harness.kill(this.ledger);
    this.ledger = await this.harness.open();
  }

  readonly reserve = (
    cost: Partial<QuotaCost>,
    limits: readonly QuotaLimit[],
    leaseMs: number = longMs,
  ): Promise<Reservation> => this.ledger.reserve(this.tenant, costOf(cost), limits, leaseMs);

  readonly grant = async (...asked: Parameters<LedgerDesk['reserve']>): Promise<QuotaGrant> =>
    granted(await this.reserve(...asked));

  readonly settle = (grant: QuotaGrant, used: Partial<QuotaCost>): Promise<boolean> =>
    this.ledger.settle(grant, costOf(used));

  /** What is left under each limit, without using any of it. */
  readonly remaining = async (...limits: readonly QuotaLimit[]): Promise<number[]> => {
    const nothing = { requests: 0, tokens: 0, spend: 0 };
    return remainingOf((await this.ledger.reserve(this.tenant, nothing, limits, longMs)).standings);
  };
}

export function granted(reservation: Reservation): QuotaGrant {
  expect(reservation.outcome).toBe('granted');
  return (reservation as Extract<Reservation, { outcome: 'granted' }>).grant;
}

export const remainingOf = (standings: readonly QuotaStanding[]): number[] =>
  standings.map(({ remaining }) => remaining);
