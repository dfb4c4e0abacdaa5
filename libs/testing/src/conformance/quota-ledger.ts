import type { QuotaLedger } from '@millrace/ports';
import { afterEach, beforeEach, describe } from 'vitest';
import type { DurableHarness } from './harness.ts';
import { LedgerDesk } from './quota-ledger/fixtures.ts';
import { leaseChecks } from './quota-ledger/leases.ts';
import { reservingChecks } from './quota-ledger/reserving.ts';
import { settlingChecks } from './quota-ledger/settling.ts';
import { windowChecks } from './quota-ledger/windows.ts';

/** Holds an adapter to every promise of `QuotaLedger`. */
export function quotaLedgerConformance(
  name: string,
  factory: () => Promise<DurableHarness<QuotaLedger>>,
): void {
  describe(`${name} as a quota ledger`, () => {
    let harness: DurableHarness<QuotaLedger>;
    let opened: LedgerDesk;

    beforeEach(async () => {
      harness = await factory();
      opened = await LedgerDesk.open(harness);
    });
    afterEach(() => harness.dispose());

    const desk = () => opened;
    reservingChecks(desk);
    settlingChecks(desk);
    windowChecks(desk);
    leaseChecks(desk);
  });
}
