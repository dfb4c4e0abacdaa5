import { calls } from '@millrace/contracts';
import { Remembered, type Caller } from '@millrace/platform';
import type { QuotaLimit } from '@millrace/ports';
import { limitsIn } from './quota-limits.ts';

const tenantsAtMost = 10_000;

/** The limits of tenants, as control said within two seconds; or, while it cannot be asked, as it said last. */
export class KnownLimits {
  private readonly recent = new Remembered<readonly QuotaLimit[]>();
  private readonly last = new Map<string, readonly QuotaLimit[]>();

  constructor(private readonly caller: Caller) {}

  /** Rejects where control cannot be asked and never was of this tenant. */
  of(tenant: string): Promise<readonly QuotaLimit[]> {
    return this.recent.get(tenant, async () => {
      try {
        return this.note(tenant, await this.ask(tenant));
      } catch (error) {
        const known = this.last.get(tenant);
        if (!known) throw error;
        return known;
      }
    });
  }

  private async ask(tenant: string): Promise<readonly QuotaLimit[]> {
    const { quota } = await this.caller.call(calls.tenantQuota, { tenant });
    return limitsIn(quota);
  }

  private note(tenant: string, limits: readonly QuotaLimit[]): readonly QuotaLimit[] {
    if (this.last.size >= tenantsAtMost) this.last.clear();
    this.last.set(tenant, limits);
    return limits;
  }
}
