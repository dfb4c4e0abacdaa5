import type { PromptTemplate } from '@millrace/contracts';
import type { NewAuditEntry, PromptRegistry, StoredPrompt } from '@millrace/ports';
import type { Kysely } from 'kysely';
import { appendEntries } from './audit-chain.ts';
import type { Schema } from './schema.ts';

/** Versions of a tenant that are kept. */
const mostKept = 50;

export class SqlPrompts implements PromptRegistry {
  constructor(private readonly db: Kysely<Schema>) {}

  async current(tenant: string): Promise<StoredPrompt | undefined> {
    return (await newest(this.db, tenant, 1))[0];
  }

  versions(tenant: string): Promise<StoredPrompt[]> {
    return newest(this.db, tenant, mostKept);
  }

  set(tenant: string, { version, prompt, at }: StoredPrompt, audit: NewAuditEntry): Promise<void> {
    return this.db.transaction().execute(async (trx) => {
      // Holds the tenant's chain, and so those who set another at the same time.
      await appendEntries(trx, [audit]);
      const last = await trx
        .selectFrom('prompts')
        .select((row) => row.fn.max('revision').as('revision'))
        .where('tenant', '=', tenant)
        .executeTakeFirst();
      const row = { revision: (last?.revision ?? 0) + 1, prompt_json: JSON.stringify(prompt), at };
      await trx
        .insertInto('prompts')
        .values({ tenant, version, ...row })
        .onConflict((conflict) => conflict.columns(['tenant', 'version']).doUpdateSet(row))
        .execute();
      const kept = trx
        .selectFrom('prompts')
        .select('version')
        .where('tenant', '=', tenant)
        .orderBy('revision', 'desc')
        .limit(mostKept);
      await trx.deleteFrom('prompts').where('tenant', '=', tenant).where('version', 'not in', kept).execute();
    });
  }
}

async function newest(db: Kysely<Schema>, tenant: string, limit: number): Promise<StoredPrompt[]> {
  const rows = await db
    .selectFrom('prompts')
    .select(['version', 'prompt_json', 'at'])
    .where('tenant', '=', tenant)
    .orderBy('revision', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ version, prompt_json, at }) => ({
    version,
    prompt: JSON.parse(prompt_json) as PromptTemplate,
    at: Number(at),
  }));
}
