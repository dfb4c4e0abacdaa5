import type { QuotaCost, QuotaGrant, QuotaLedger } from '@millrace/ports';

/** A process that dies has its leases told of after this at the latest. */
const leaseMs = 60_000;
const renewEveryMs = leaseMs / 3;

export const quotaLeaseMs = leaseMs;

/** A reservation while its answer is under way: its lease goes on until it is settled. */
export class HeldQuota {
  private readonly renewal: NodeJS.Timeout;

  constructor(
    private readonly ledger: Pick<QuotaLedger, 'renew' | 'settle'>,
    private readonly grant: QuotaGrant,
  ) {
    this.renewal = setInterval(() => void this.renew(), renewEveryMs).unref();
  }

  /** False where it counts as estimated. */
  settle(used: QuotaCost): Promise<boolean> {
    clearInterval(this.renewal);
    return this.ledger.settle(this.grant, used);
  }

  /** One that fails has another try before the lease ends. */
  private async renew(): Promise<void> {
    await this.ledger.renew(this.grant, leaseMs).catch(() => undefined);
  }
}
