import { countRefusal, observeCounter } from '@millrace/platform';
import type { QuotaLimit } from '@millrace/ports';
import { limitName } from './quota-limits.ts';

/** `unsettled`: its lease had ended, or the ledger was away. `unasked`: the ledger or the quota could not be asked. */
const outcomes = ['reserved', 'settled', 'unsettled', 'unasked'] as const;
const stages = ['reserved', 'settled'] as const;

/** What becomes of reservations, of all tenants together. */
export class QuotaCounts {
  private readonly reservations = new Map<(typeof outcomes)[number], number>(outcomes.map((one) => [one, 0]));
  private readonly tokens = new Map<(typeof stages)[number], number>(stages.map((one) => [one, 0]));
  private endedLeases = 0;

  constructor() {
    observeCounter(
      'millrace_quota_reservations_total',
      'Reservations under quotas: made, settled, left unsettled so that their estimate counts, or not made because quotas could not be asked.',
      () => [...this.reservations].map(([outcome, count]) => [count, { outcome }]),
    );
    observeCounter(
      'millrace_quota_tokens_total',
      'Tokens under quotas, as they were reserved, and as they were settled.',
      () => [...this.tokens].map(([stage, count]) => [count, { stage }]),
    );
    observeCounter(
      'millrace_quota_leases_ended_total',
      'Leases of reservations that ended without being settled: of processes that died, mostly.',
      () => [[this.endedLeases, {}]],
    );
  }

  reserved(tokens: number): void {
    this.add('reserved');
    this.tokens.set('reserved', this.tokens.get('reserved')! + tokens);
  }

  settled(tokens: number): void {
    this.add('settled');
    this.tokens.set('settled', this.tokens.get('settled')! + tokens);
  }

  add(outcome: (typeof outcomes)[number]): void {
    this.reservations.set(outcome, this.reservations.get(outcome)! + 1);
  }

  refused(limit: QuotaLimit): void {
    countRefusal(`quota_${limitName(limit)}`);
  }

  leasesEnded(count: number): void {
    this.endedLeases += count;
  }
}
