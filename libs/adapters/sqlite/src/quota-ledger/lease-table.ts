import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The reservations that are not settled, by when their leases end. */
export class LeaseTable {
  private readonly insert: StatementSync;
  private readonly remove: StatementSync;
  private readonly extend: StatementSync;
  private readonly sweepOf: StatementSync;

  constructor(database: DatabaseSync) {
    this.insert = database.prepare('INSERT INTO lease (id, tenant, ends_at) VALUES (?, ?, ?)');
    this.remove = database.prepare('DELETE FROM lease WHERE id = ? AND ends_at > ?');
    this.extend = database.prepare('UPDATE lease SET ends_at = ? WHERE id = ? AND ends_at > ?');
    this.sweepOf = database.prepare('DELETE FROM lease WHERE tenant = ? AND ends_at <= ?');
  }

  begin(id: string, tenant: string, endsAt: number): void {
    this.insert.run(id, tenant, endsAt);
  }

  /** False when it has ended already. */
  end(id: string, now: number): boolean {
    return this.remove.run(id, now).changes > 0;
  }

  /** False when it has ended already. */
  renew(id: string, endsAt: number, now: number): boolean {
    return this.extend.run(endsAt, id, now).changes > 0;
  }

  /** How many of the tenant have ended by themselves. */
  sweep(tenant: string, now: number): number {
    return Number(this.sweepOf.run(tenant, now).changes);
  }
}
