import type { Quota } from '@millrace/contracts';
import type { NewAuditEntry, QuotaRegistry } from '@millrace/ports';
import type { Kysely } from 'kysely';
import { appendEntries } from './audit-chain.ts';
import type { Schema } from './schema.ts';

export class SqlQuotas implements QuotaRegistry {
  constructor(private readonly db: Kysely<Schema>) {}

  async read(tenant: string): Promise<Quota | undefined> {
    const row = await this.db
      .selectFrom('quotas')
      .select('quota_json')
      .where('tenant', '=', tenant)
      .executeTakeFirst();
    return row && (JSON.parse(row.quota_json) as Quota);
  }

  write(tenant: string, quota: Quota, audit: NewAuditEntry): Promise<void> {
    const quota_json = JSON.stringify(quota);
    return this.db.transaction().execute(async (trx) => {
      await trx
        .insertInto('quotas')
        .values({ tenant, quota_json })
        .onConflict((conflict) => conflict.column('tenant').doUpdateSet({ quota_json }))
        .execute();
      await appendEntries(trx, [audit]);
    });
  }
}
