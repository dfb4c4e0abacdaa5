import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { calls, MillraceError } from '@millrace/contracts';
import { Caller, LastKnown, LOGGER, Sparing, type Logger, type SettingsOf } from '@millrace/platform';
import {
  QUOTA_LEDGER,
  type QuotaCost,
  type QuotaLedger,
  type QuotaLimit,
  type QuotaStanding,
  type Reservation,
} from '@millrace/ports';
import { generationSettings } from '../generation-settings.ts';
import { HeldQuota, quotaLeaseMs } from './held-quota.ts';
import { QuotaCounts } from './quota-counts.ts';
import { limitName, limitsIn } from './quota-limits.ts';

export interface Wish {
  readonly tenant: string;
  readonly cost: QuotaCost;
  /** Told how the tenant stands under its limits, whether or not this is granted. */
  readonly onStandings?: ((standings: readonly QuotaStanding[]) => void) | undefined;
}

/** Holds tenants to their quotas. Of one without limits no ledger is asked. */
@Injectable()
export class Quotas implements OnModuleDestroy {
  private readonly limits: LastKnown<readonly QuotaLimit[]>;
  private readonly counts = new QuotaCounts();
  private readonly sparing = new Sparing();
  private readonly settling = new Set<Promise<void>>();

  constructor(
    @Inject(Caller) caller: Caller,
    @Inject(QUOTA_LEDGER) private readonly ledger: QuotaLedger,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {
    this.limits = new LastKnown(async (tenant) => {
      const { quota } = await caller.call(calls.tenantQuota, { tenant });
      return limitsIn(quota);
    });
  }

  /**
   * Undefined where nothing limits the tenant. Rejects with `quota_exhausted`, `exceeds_quota`, and where quotas cannot be
   * asked, unless the settings say to go on without, with `dependency_unavailable`.
   */
  async reserve(wish: Wish): Promise<HeldQuota | undefined> {
    const reservation = await this.ask(wish);
    if (!reservation) return undefined;
    this.counts.leasesEnded(reservation.endedLeases);
    wish.onStandings?.(reservation.standings);
    if (reservation.outcome !== 'granted') throw this.refusal(reservation, wish.cost);
    this.counts.reserved(wish.cost.tokens);
    return new HeldQuota(this.ledger, reservation.grant);
  }

  /** Behind the answer: nobody waits for it but a service that stops. */
  settle(held: HeldQuota, used: QuotaCost): void {
    const settling = this.note(held, used).finally(() => this.settling.delete(settling));
    this.settling.add(settling);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.settling);
  }

  private async ask({ tenant, cost }: Wish): Promise<Reservation | undefined> {
    try {
      const limits = await this.limits.of(tenant);
      return limits.length === 0 ? undefined : await this.ledger.reserve(tenant, cost, limits, quotaLeaseMs);
    } catch (cause) {
      this.counts.add('unasked');
      if (this.settings.quotaFailure === 'closed')
        throw new MillraceError('dependency_unavailable', { detail: 'quotas cannot be asked', cause });
      this.tell(cause, 'quotas cannot be asked: answers go on uncounted');
      return undefined;
    }
  }

  private refusal(reservation: Exclude<Reservation, { outcome: 'granted' }>, cost: QuotaCost): MillraceError {
    const { limit } = reservation;
    this.counts.refused(limit);
    const detail = `${limitName(limit)}: the limit is ${shown(limit, limit.max)}, this may take ${shown(limit, cost[limit.measure])}`;
    if (reservation.outcome === 'never') return new MillraceError('exceeds_quota', { detail });
    const retryAfter = Math.max(1, Math.ceil(reservation.waitMs / 1000));
    return new MillraceError('quota_exhausted', { detail, retryAfter });
  }

  private async note(held: HeldQuota, used: QuotaCost): Promise<void> {
    try {
      if (await held.settle(used)) this.counts.settled(used.tokens);
      else this.counts.add('unsettled');
    } catch (error) {
      this.counts.add('unsettled');
      this.tell(error, 'a reservation could not be settled: its estimate counts');
    }
  }

  private tell(err: unknown, what: string): void {
    const untold = this.sparing.tell(what);
    if (untold !== undefined) this.logger.error({ err, ...(untold > 0 && { untold }) }, what);
  }
}

const shown = ({ measure }: QuotaLimit, amount: number): number =>
  measure === 'spend' ? amount / 1e6 : amount;
