import type { AuditEntry, AuditHead } from '@millrace/contracts';
import type { AuditPageQuery, AuditRegistry, NewAuditEntry } from '@millrace/ports';
import type { Kysely } from 'kysely';
import { toEntry } from './audit-chain.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Schema } from './schema.ts';

/** What comes at once goes into the chain together: who waits for a chain's end keeps a connection meanwhile. */
export class SqlAudit implements AuditRegistry {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly commits: GroupCommit,
  ) {}

  async append(entry: NewAuditEntry): Promise<void> {
    await this.commits.run({}, (ledger) => void ledger.audited.push(entry));
  }

  async appendOnce(entry: NewAuditEntry): Promise<void> {
    await this.commits.run({}, (ledger) => void ledger.audited.push({ ...entry, once: true }));
  }

  async page({ tenant, order, cursor, action, from, to, limit }: AuditPageQuery): Promise<AuditEntry[]> {
    let query = this.db
      .selectFrom('audit_entries')
      .selectAll()
      .where('tenant', '=', tenant)
      .orderBy('sequence', order)
      .limit(limit);
    if (cursor !== undefined) query = query.where('sequence', order === 'asc' ? '>' : '<', cursor);
    if (action !== undefined) query = query.where('action', '=', action);
    if (from !== undefined) query = query.where('at', '>=', from);
    if (to !== undefined) query = query.where('at', '<', to);
    return (await query.execute()).map(toEntry);
  }

  heads(tenant?: string): Promise<AuditHead[]> {
    const query = this.db.selectFrom('audit_heads').selectAll().where('sequence', '>', 0).orderBy('tenant');
    return (tenant === undefined ? query : query.where('tenant', '=', tenant)).execute();
  }
}
