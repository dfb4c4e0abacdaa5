import type { Counted, QuotaCost, QuotaGrant, Reserving } from '@millrace/ports';

/** The quota ledger's methods on its own thread; `now` is epoch milliseconds, and so are the ends of leases. */
export interface QuotaLedgerCalls {
  reserve(asked: Reserving, leaseEnds: number, now: number): Counted;
  settle(grant: QuotaGrant, used: QuotaCost, now: number): boolean;
  renew(grant: QuotaGrant, leaseEnds: number, now: number): boolean;
  /** Writes and reads. */
  probe(now: number): void;
}
