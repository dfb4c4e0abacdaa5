import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { windowAt, type QuotaCharge, type QuotaLimit } from '@millrace/ports';

/** What was used of each limit in its last window. */
export class UsageTable {
  private readonly find: StatementSync;
  private readonly put: StatementSync;
  private readonly add: StatementSync;

  constructor(database: DatabaseSync) {
    this.find = database.prepare(
      'SELECT window, used FROM usage WHERE tenant = ? AND measure = ? AND window_ms = ?',
    );
    this.put = database.prepare(
      `INSERT INTO usage (tenant, measure, window_ms, window, used) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET window = excluded.window, used = excluded.used`,
    );
    this.add = database.prepare(
      'UPDATE usage SET used = used + ? WHERE tenant = ? AND measure = ? AND window_ms = ? AND window = ?',
    );
  }

  /** In the window that is now. */
  read(tenant: string, { measure, windowMs }: QuotaLimit, now: number): { window: number; used: number } {
    const last = this.find.get(tenant, measure, windowMs) as { window: number; used: number } | undefined;
    const window = windowAt(now, windowMs, last?.window);
    return { window, used: last?.window === window ? last.used : 0 };
  }

  write(tenant: string, { measure, windowMs }: QuotaLimit, window: number, used: number): void {
    this.put.run(tenant, measure, windowMs, window, used);
  }

  /** Unless its window is over. */
  correct(tenant: string, { measure, windowMs, window }: QuotaCharge, more: number): void {
    this.add.run(more, tenant, measure, windowMs, window);
  }
}
