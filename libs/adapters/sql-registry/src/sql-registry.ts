import { setTimeout as pause } from 'node:timers/promises';
import type { ModerationPolicy, Quota } from '@millrace/contracts';
import type { Registry } from '@millrace/ports';
import { Kysely, sql, type Dialect } from 'kysely';
import { GroupCommit } from './group-commit.ts';
import { migrate } from './migrations.ts';
import type { Schema } from './schema.ts';
import { SqlAccess } from './sql-access.ts';
import { SqlArrears } from './sql-arrears.ts';
import { SqlAudit } from './sql-audit.ts';
import { SqlDeadLetters } from './sql-dead-letters.ts';
import { SqlDocuments } from './sql-documents.ts';
import { SqlModelPlan } from './sql-model-plan.ts';
import { SqlOutbox } from './sql-outbox.ts';
import { SqlPrompts } from './sql-prompts.ts';
import { SqlTenantSetting } from './sql-tenant-setting.ts';
import { SqlUsage } from './sql-usage.ts';

export interface SqlRegistryOptions {
  readonly dialect: Dialect;
  /** Changes committed together at most. Default 64: a sync to disk is then a small part of the time. */
  readonly maxTogether?: number;
  /** Changes that may wait for their commit; one more is refused with `queue_full`. Default 10,000. */
  readonly maxWaiting?: number;
  /** So long a step that nobody waits for may wait for another change to be committed with. Default 100. */
  readonly unhurriedMs?: number;
}

const healthMs = 1_500;

/** The registry in a SQL database. */
export class SqlRegistry implements Registry {
  readonly modelPlan: SqlModelPlan;
  readonly arrears: SqlArrears;
  readonly documents: SqlDocuments;
  readonly outbox: SqlOutbox;
  readonly access: SqlAccess;
  readonly quotas: SqlTenantSetting<Quota>;
  readonly moderationPolicies: SqlTenantSetting<ModerationPolicy>;
  readonly prompts: SqlPrompts;
  readonly deadLetters: SqlDeadLetters;
  readonly usage: SqlUsage;
  readonly audit: SqlAudit;

  private constructor(
    private readonly db: Kysely<Schema>,
    private readonly commits: GroupCommit,
  ) {
    this.modelPlan = new SqlModelPlan(db);
    this.arrears = new SqlArrears(db);
    this.documents = new SqlDocuments(db, commits);
    this.outbox = new SqlOutbox(db, commits);
    this.access = new SqlAccess(db);
    this.quotas = new SqlTenantSetting(db, 'quotas', 'quota_json');
    this.moderationPolicies = new SqlTenantSetting(db, 'moderation_policies', 'policy_json');
    this.prompts = new SqlPrompts(db);
    this.deadLetters = new SqlDeadLetters(db, commits);
    this.usage = new SqlUsage(db);
    this.audit = new SqlAudit(db, commits);
  }

  /** Brings the database's schema up to date first. Rejects with `dependency_unavailable` while it is away. */
  static async open({
    dialect,
    maxTogether = 64,
    maxWaiting = 10_000,
    unhurriedMs = 100,
  }: SqlRegistryOptions): Promise<SqlRegistry> {
    const db = new Kysely<Schema>({ dialect });
    try {
      await migrate(db);
    } catch (error) {
      await db.destroy();
      throw error;
    }
    return new SqlRegistry(db, new GroupCommit(db, { maxTogether, maxWaiting, unhurriedMs }));
  }

  /** Within a second and a half, whatever the database does. */
  async healthy(): Promise<boolean> {
    const answer = sql`select 1`.execute(this.db).then(
      () => true,
      () => false,
    );
    return Promise.race([answer, pause(healthMs, false, { ref: false })]);
  }

  /** What was asked before is carried out first. */
  async close(): Promise<void> {
    await this.commits.idle();
    await this.db.destroy();
  }
}
