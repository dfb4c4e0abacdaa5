import type { Principal } from '@millrace/contracts';
import type { AccessRegistry, KeyRecord, NewKey } from '@millrace/ports';
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export class SqlAccess implements AccessRegistry {
  constructor(private readonly db: Kysely<Schema>) {}

  async createTenant(name: string, at: number): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.db
      .insertInto('tenants')
      .values({ name, created_at: at })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirst();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  async tenants(): Promise<{ name: string; createdAt: number }[]> {
    const rows = await this.db.selectFrom('tenants').selectAll().orderBy('name').execute();
    return rows.map(({ name, created_at: createdAt }) => ({ name, createdAt }));
  }

  async createKey({ id, name, principal, hash, createdAt }: NewKey): Promise<void> {
    const row = { id, name, hash, tenant: principal.tenant, created_at: createdAt };
    const principal_json = JSON.stringify(principal);
    await this.db
      .insertInto('access_keys')
      .values({ ...row, principal_json })
      .execute();
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

  async revokeKey(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.db
      .deleteFrom('access_keys')
      .where('id', '=', id)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  async findKey(hash: string): Promise<Principal | undefined> {
    const row = await this.db
      .selectFrom('access_keys')
      .select('principal_json')
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row && (JSON.parse(row.principal_json) as Principal);
  }
}
