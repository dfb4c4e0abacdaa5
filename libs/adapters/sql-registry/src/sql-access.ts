import type { Principal } from '@millrace/contracts';
import type { AccessRegistry, KeyRecord, NewAuditEntry, NewKey } from '@millrace/ports';
import type { Kysely } from 'kysely';
import { appendEntries } from './audit-chain.ts';
import type { Schema } from './schema.ts';

export class SqlAccess implements AccessRegistry {
  constructor(private readonly db: Kysely<Schema>) {}

  createTenant(name: string, at: number, audit: NewAuditEntry): Promise<boolean> {
    return this.db.transaction().execute(async (trx) => {
      const made = await trx
        .insertInto('tenants')
        .values({ name, created_at: at })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('name')
        .execute();
      if (made.length > 0) await appendEntries(trx, [audit]);
      return made.length > 0;
    });
  }

  async tenants(): Promise<{ name: string; createdAt: number }[]> {
    const rows = await this.db.selectFrom('tenants').selectAll().orderBy('name').execute();
    return rows.map(({ name, created_at: createdAt }) => ({ name, createdAt }));
  }

  createKey({ id, name, principal, hash, createdAt }: NewKey, audit: NewAuditEntry): Promise<void> {
    const row = { id, name, hash, tenant: principal.tenant, created_at: createdAt };
    const principal_json = JSON.stringify(principal);
    return this.db.transaction().execute(async (trx) => {
      await trx
        .insertInto('access_keys')
        .values({ ...row, principal_json })
        .execute();
      await appendEntries(trx, [audit]);
    });
  }

  async keys(tenant?: string): Promise<KeyRecord[]> {
    let query = this.db
      .selectFrom('access_keys')
      .select(['id', 'name', 'principal_json', 'created_at'])
      .orderBy('id');
    if (tenant !== undefined) query = query.where('tenant', '=', tenant);
    return (await query.execute()).map(({ principal_json, created_at: createdAt, ...row }) => ({
      ...row,
      principal: JSON.parse(principal_json) as Principal,
      createdAt,
    }));
  }

  revokeKey(id: string, audit: NewAuditEntry): Promise<boolean> {
    return this.db.transaction().execute(async (trx) => {
      const revoked = await trx.deleteFrom('access_keys').where('id', '=', id).returning('id').execute();
      if (revoked.length > 0) await appendEntries(trx, [audit]);
      return revoked.length > 0;
    });
  }

  async findKey(hash: string): Promise<Principal | undefined> {
    const row = await this.db
      .selectFrom('access_keys')
      .select(['id', 'principal_json'])
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row && { ...(JSON.parse(row.principal_json) as Principal), key: row.id };
  }
}
