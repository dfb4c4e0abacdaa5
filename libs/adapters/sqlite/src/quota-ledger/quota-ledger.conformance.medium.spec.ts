import { quotaLedgerConformance } from '@millrace/testing';
import { threadHarness } from '../thread/thread-harness.ts';
import { SqliteQuotaLedger } from './quota-ledger.ts';

quotaLedgerConformance('SqliteQuotaLedger', () =>
  threadHarness('quota-ledger', (options, thread) => SqliteQuotaLedger.open(options, thread)),
);
