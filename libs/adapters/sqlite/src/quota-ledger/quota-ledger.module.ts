import type { DatabaseSync } from 'node:sqlite';
import { fits } from '@millrace/ports';
import { GroupCommit } from '../thread/group-commit.ts';
import { openDatabase } from '../thread/open-database.ts';
import { LeaseTable } from './lease-table.ts';
import type { QuotaLedgerCalls } from './quota-ledger-calls.ts';
import { UsageTable } from './usage-table.ts';

const migrations = [
  `
  CREATE TABLE usage (
    tenant TEXT NOT NULL,
    measure TEXT NOT NULL,
    window_ms INTEGER NOT NULL,
    window INTEGER NOT NULL, -- its number since the epoch
    used INTEGER NOT NULL,
    PRIMARY KEY (tenant, measure, window_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE lease (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    ends_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lease_by_tenant ON lease (tenant, ends_at);
  CREATE TABLE probe (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
  `,
];

/** Each call is one transaction, or part of one. */
export function openQuotaLedger(file: string): GroupCommit {
  const database: DatabaseSync = openDatabase(file, migrations);
  const usage = new UsageTable(database);
  const leases = new LeaseTable(database);
  const probe = database.prepare(
    'INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at',
  );
  const methods: QuotaLedgerCalls = {
    reserve({ id, tenant, cost, limits }, leaseEnds, now) {
      const endedLeases = leases.sweep(tenant, now);
      const windows = limits.map((limit) => usage.read(tenant, limit, now));
      const granted = fits(
        { cost, limits },
        windows.map(({ used }) => used),
      );
      if (granted) {
        for (const [at, { window, used }] of windows.entries())
          usage.write(tenant, limits[at]!, window, used + cost[limits[at]!.measure]);
        leases.begin(id, tenant, leaseEnds);
      }
      return { granted, now, windows, endedLeases };
    },
    settle({ id, tenant, charges }, used, now) {
      if (!leases.end(id, now)) return false;
      for (const charge of charges) usage.correct(tenant, charge, used[charge.measure] - charge.amount);
      return true;
    },
    renew: ({ id }, leaseEnds, now) => leases.renew(id, leaseEnds, now),
    probe: (now) => void probe.run(now),
  };
  return new GroupCommit(database, { ...methods });
}
