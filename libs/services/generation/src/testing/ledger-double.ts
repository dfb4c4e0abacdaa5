import {
  fits,
  reservationOf,
  type QuotaCost,
  type QuotaGrant,
  type QuotaLedger,
  type QuotaLimit,
  type Reservation,
} from '@millrace/ports';

/** Notes what it is asked; counts nothing, but that so much was used before under every limit. */
export class LedgerDouble implements QuotaLedger {
  readonly reserved: { tenant: string; cost: QuotaCost; limits: readonly QuotaLimit[] }[] = [];
  readonly settled: QuotaCost[] = [];
  readonly renewed: QuotaGrant[] = [];
  usedBefore = 0;
  endedLeases = 0;
  /** Set: all it says. */
  failure: Error | undefined;

  async reserve(tenant: string, cost: QuotaCost, limits: readonly QuotaLimit[]): Promise<Reservation> {
    if (this.failure) throw this.failure;
    this.reserved.push({ tenant, cost, limits });
    const windows = limits.map(() => ({ window: 0, used: this.usedBefore }));
    const granted = fits(
      { cost, limits },
      limits.map(() => this.usedBefore),
    );
    const counted = { granted, now: 0, windows, endedLeases: this.endedLeases };
    return reservationOf({ id: `${this.reserved.length}`, tenant, cost, limits }, counted);
  }

  async settle(_grant: QuotaGrant, used: QuotaCost): Promise<boolean> {
    if (this.failure) throw this.failure;
    this.settled.push(used);
    return true;
  }

  async renew(grant: QuotaGrant): Promise<boolean> {
    if (this.failure) throw this.failure;
    this.renewed.push(grant);
    return true;
  }

  async healthy(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {}
}
