import { Inject, Injectable } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import { countRefusal, type SettingsOf } from '@millrace/platform';
import { ingestionSettings } from './ingestion-settings.ts';

interface Count {
  readonly at: number;
  readonly unfinished: Promise<number>;
  /** Accepted here since then. */
  accepted: number;
}

/** A count is good for so long, ms: other replicas accept meanwhile, too. */
const goodForMs = 1_000;
/** Seconds. */
const retryAfter = 5;
/** Tenants whose counts are kept. */
const maxKept = 1_000;

/** Bounds how many documents of one tenant are on their way. */
@Injectable()
export class TenantBacklog {
  private readonly counts = new Map<string, Count>();

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ingestionSettings.token) private readonly settings: SettingsOf<typeof ingestionSettings>,
  ) {}

  /** Before another one is accepted. Rejects with `rate_limited`. */
  async refuseExcess(tenant: string): Promise<void> {
    const { maxUnfinished } = this.settings;
    if (maxUnfinished === 0) return;
    const count = this.count(tenant);
    if ((await count.unfinished) + count.accepted < maxUnfinished) return void count.accepted++;
    countRefusal('tenant_unfinished');
    const detail = `${maxUnfinished} documents of this tenant are still on their way`;
    throw new MillraceError('rate_limited', { retryAfter, detail });
  }

  private count(tenant: string): Count {
    const known = this.counts.get(tenant);
    const now = this.clock.now();
    if (known && now - known.at < goodForMs) return known;
    if (this.counts.size >= maxKept) this.counts.clear();
    const unfinished = this.registry.documents.unfinished(tenant, this.settings.maxUnfinished);
    const count: Count = { at: now, unfinished, accepted: 0 };
    unfinished.catch(() => this.counts.delete(tenant));
    this.counts.set(tenant, count);
    return count;
  }
}
