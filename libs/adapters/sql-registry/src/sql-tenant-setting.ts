import type { NewAuditEntry, TenantSetting } from '@millrace/ports';
import { sql, type Kysely } from 'kysely';
import { appendEntries } from './audit-chain.ts';
import type { Schema } from './schema.ts';

/** A table of one row a tenant: its name in `tenant`, its setting as JSON in another column. */
export class SqlTenantSetting<T> implements TenantSetting<T> {
  private readonly table;
  private readonly column;

  constructor(
    private readonly db: Kysely<Schema>,
    table: keyof Schema,
    column: string,
  ) {
    this.table = sql.table(table);
    this.column = sql.ref(column);
  }

  async read(tenant: string): Promise<T | undefined> {
    const { rows } = await sql<{
      json: string;
    }>`select ${this.column} as json from ${this.table} where tenant = ${tenant}`.execute(this.db);
    return rows[0] && (JSON.parse(rows[0].json) as T);
  }

  write(tenant: string, value: T, audit: NewAuditEntry): Promise<void> {
    const json = JSON.stringify(value);
    return this.db.transaction().execute(async (trx) => {
      await sql`insert into ${this.table} (tenant, ${this.column}) values (${tenant}, ${json})
        on conflict (tenant) do update set ${this.column} = ${json}`.execute(trx);
      await appendEntries(trx, [audit]);
    });
  }
}
