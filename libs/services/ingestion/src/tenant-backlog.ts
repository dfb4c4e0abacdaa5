import { Inject, Injectable } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import { countRefusal, type SettingsOf } from '@millrace/platform';
import { ingestionSettings } from './ingestion-settings.ts';
import { IntakePace } from './intake-pace.ts';

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

/**
 * Bounds how many documents of one tenant are on their way, and slows it down well before: what is accepted sooner than it
 * can be read is done no sooner, and accepting it takes the time of others.
 */
@Injectable()
export class TenantBacklog {
  private readonly counts = new Map<string, Count>();
  private readonly pace = new IntakePace();

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ingestionSettings.token) private readonly settings: SettingsOf<typeof ingestionSettings>,
  ) {}

  /** Before another one is accepted. Rejects with `rate_limited`. */
  async admit(tenant: string): Promise<void> {
    const { maxUnfinished, eagerDocuments } = this.settings;
    if (maxUnfinished === 0 && eagerDocuments === 0) return;
    const count = this.count(tenant);
    const underWay = (await count.unfinished) + count.accepted;
    if (maxUnfinished > 0 && underWay >= maxUnfinished) throw tooMany(maxUnfinished);
    count.accepted++;
    if (eagerDocuments > 0 && underWay >= eagerDocuments) await this.pace.turn(tenant);
  }

  private count(tenant: string): Count {
    const known = this.counts.get(tenant);
    const now = this.clock.now();
    if (known && now - known.at < goodForMs) return known;
    if (this.counts.size >= maxKept) this.counts.clear();
    const { maxUnfinished, eagerDocuments } = this.settings;
    const unfinished = this.registry.documents.unfinished(tenant, Math.max(maxUnfinished, eagerDocuments));
    const count: Count = { at: now, unfinished, accepted: 0 };
    unfinished.catch(() => this.counts.delete(tenant));
    this.counts.set(tenant, count);
    return count;
  }
}

function tooMany(most: number): MillraceError {
  countRefusal('tenant_unfinished');
  const detail = `${most} documents of this tenant are still on their way`;
  return new MillraceError('rate_limited', { retryAfter, detail });
}
