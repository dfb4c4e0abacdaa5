import { MillraceError } from '@millrace/contracts';
import { sql, type Kysely } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator, type Migration } from 'kysely/migration';
import { refuseChanges, textColumn, withCountingKey } from './dialects.ts';
import { addPlacesOfLetters } from './places-of-letters.ts';
import { addLettersByPlace } from './failed-records.ts';
import type { Schema } from './schema.ts';

/** Forward only: a released migration is never changed, a new one is added. Their order is that of their names. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-registry': { up: createRegistry },
  '0002-pushed-events': { up: addPushedEvents },
  '0003-bodies': { up: addBodies },
  '0004-letters-by-time': { up: addLettersByTime },
  '0005-model-plan': { up: addModelPlan },
  '0006-versions-by-source': { up: addVersionsBySource },
  '0007-said-at': { up: addSaidAt },
  '0008-letter-outlines': { up: addLetterOutlines },
  '0009-usage': { up: addUsage },
  '0010-quotas': { up: addQuotas },
  '0011-index-books': { up: addIndexBooks },
  '0012-moderation-policies': { up: addModerationPolicies },
  '0013-audit': { up: addAudit },
  '0014-places-of-letters': { up: addPlacesOfLetters },
  '0015-prompts': { up: addPrompts },
  '0016-letters-by-place': { up: addLettersByPlace },
};

/**
 * Brings the database to this version's schema. Safe to call from several processes at once. What a newer version
 * added stays, and is no hindrance: migrations only add, so that two versions can run side by side.
 */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  for (let known = await carriedOut(db); ;) {
    const error = await migrateBeside(db, known);
    if (!error) return;
    const after = await carriedOut(db);
    // A newer version went ahead meanwhile.
    if (after.length === known.length) throw MillraceError.from(error);
    known = after;
  }
}

async function migrateBeside(db: Kysely<Schema>, known: readonly string[]): Promise<unknown> {
  const newer = known.filter((name) => !(name in migrations)).map((name) => [name, elsewhere] as const);
  const all = { ...migrations, ...Object.fromEntries(newer) };
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => all },
  }).migrateToLatest();
  return error;
}

/** Stands for a migration that only a newer version knows. */
const elsewhere: Migration = {
  up: async () => {
    throw new Error('this migration belongs to a newer version');
  },
};

async function carriedOut(db: Kysely<Schema>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return [];
  const { rows } = await sql<{
    name: string;
  }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  return rows.map(({ name }) => name);
}

async function createRegistry(db: Kysely<Schema>): Promise<void> {
  await createDocuments(db);
  await createVersions(db);
  await createMessages(db);
  await createAccess(db);
}

async function addPushedEvents(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('documents').addColumn('events_json', textColumn(db)).execute();
}

async function addBodies(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('versions').addColumn('body_hash', textColumn(db)).execute();
}

async function addLettersByTime(db: Kysely<Schema>): Promise<void> {
  await createIndex(db, 'dead_letters_by_time', 'dead_letters', ['at desc', 'id']);
}

async function addModelPlan(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('model_plan')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('plan_json', textColumn(db), (column) => column.notNull())
    .execute();
}

async function addVersionsBySource(db: Kysely<Schema>): Promise<void> {
  await createIndex(db, 'versions_by_source', 'versions', ['source']);
}

async function addSaidAt(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('versions').addColumn('said_at', 'bigint').execute();
}

async function addQuotas(db: Kysely<Schema>): Promise<void> {
  const text = textColumn(db);
  await db.schema
    .createTable('quotas')
    .addColumn('tenant', text, (column) => column.primaryKey())
    .addColumn('quota_json', text, (column) => column.notNull())
    .execute();
}

async function addModerationPolicies(db: Kysely<Schema>): Promise<void> {
  const text = textColumn(db);
  await db.schema
    .createTable('moderation_policies')
    .addColumn('tenant', text, (column) => column.primaryKey())
    .addColumn('policy_json', text, (column) => column.notNull())
    .execute();
}

async function addPrompts(db: Kysely<Schema>): Promise<void> {
  const text = textColumn(db);
  await db.schema
    .createTable('prompts')
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('version', text, (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('prompt_json', text, (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('prompts_key', ['tenant', 'version'])
    .execute();
}

async function addIndexBooks(db: Kysely<Schema>): Promise<void> {
  const withVersion = (name: string) =>
    db.schema
      .createTable(name)
      .addColumn('model', textColumn(db), (column) => column.notNull())
      .addColumn('tenant', textColumn(db), (column) => column.notNull())
      .addColumn('document', textColumn(db), (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull());
  await withVersion('index_sightings')
    .addPrimaryKeyConstraint('index_sightings_key', ['tenant', 'document', 'version', 'model'])
    .execute();
  await withVersion('index_arrears')
    .addColumn('fill', 'integer', (column) => column.notNull())
    .addColumn('asks', 'integer', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('index_arrears_key', ['tenant', 'document', 'model'])
    .execute();
}

async function createDocuments(db: Kysely<Schema>): Promise<void> {
  const text = textColumn(db);
  await db.schema
    .createTable('documents')
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('document', text, (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('operation', text, (column) => column.notNull())
    .addColumn('content_hash', text)
    .addColumn('accepted_at', 'bigint', (column) => column.notNull())
    .addColumn('live_version', 'integer')
    .addPrimaryKeyConstraint('documents_key', ['tenant', 'document'])
    .execute();
  await createIndex(db, 'documents_by_state', 'documents', ['tenant', 'state', 'document']);
  await db.schema
    .createTable('receipts')
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('document', text, (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('receipt_json', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('receipts_key', ['tenant', 'document'])
    .execute();
}

async function createVersions(db: Kysely<Schema>): Promise<void> {
  const text = textColumn(db);
  await db.schema
    .createTable('versions')
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('document', text, (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('operation', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('title', text)
    .addColumn('source', text)
    .addColumn('parsed', text)
    .addColumn('chunks', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('reason_code', text)
    .addColumn('reason_message', text)
    .addColumn('resume_json', text, (column) => column.notNull())
    .addColumn('resends', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('accepted_at', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('versions_key', ['tenant', 'document', 'version'])
    .execute();
  await createIndex(db, 'versions_by_age', 'versions', ['state', 'updated_at']);
  await db.schema
    .createTable('history')
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('document', text, (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('history_key', ['tenant', 'document', 'version', 'state'])
    .execute();
}

async function createMessages(db: Kysely<Schema>): Promise<void> {
  const text = textColumn(db);
  await withCountingKey(db, db.schema.createTable('outbox'), 'id')
    .addColumn('topic', text, (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('value', text, (column) => column.notNull())
    .addColumn('headers_json', text, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('request_hash', text, (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('document', text, (column) => column.notNull())
    .addColumn('version', 'integer')
    .addColumn('state', text)
    .addPrimaryKeyConstraint('idempotency_keys_key', ['tenant', 'key'])
    .execute();
  await createIndex(db, 'idempotency_keys_by_age', 'idempotency_keys', ['at']);
  await db.schema
    .createTable('dead_letters')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('origin', text, (column) => column.notNull())
    .addColumn('document', text)
    .addColumn('version', 'integer')
    .addColumn('code', text, (column) => column.notNull())
    .addColumn('message', text, (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('replay_json', text, (column) => column.notNull())
    .execute();
  await createIndex(db, 'dead_letters_by_document', 'dead_letters', ['tenant', 'document', 'version']);
}

async function createAccess(db: Kysely<Schema>): Promise<void> {
  const text = textColumn(db);
  await db.schema
    .createTable('tenants')
    .addColumn('name', text, (column) => column.primaryKey())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('access_keys')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('principal_json', text, (column) => column.notNull())
    .addColumn('hash', text, (column) => column.notNull().unique())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
}

const createIndex = (
  db: Kysely<Schema>,
  name: string,
  table: string,
  columns: readonly string[],
): Promise<void> =>
  db.schema
    .createIndex(name)
    .on(table)
    .columns([...columns])
    .execute();

/** Lists need not read messages. */
async function addLetterOutlines(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('dead_letters').addColumn('key', textColumn(db)).execute();
  await db.schema.alterTable('dead_letters').addColumn('message_bytes', 'integer').execute();
  await db.schema.alterTable('dead_letters').addColumn('omitted_bytes', 'integer').execute();
}

async function addUsage(db: Kysely<Schema>): Promise<void> {
  const text = textColumn(db);
  await db.schema
    .createTable('usage_answers')
    .addColumn('answer', text, (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await createIndex(db, 'usage_answers_by_age', 'usage_answers', ['at']);
  await db.schema
    .createTable('usage_days')
    .addColumn('day', text, (column) => column.notNull())
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('model', text, (column) => column.notNull())
    .addColumn('backend', text, (column) => column.notNull())
    .addColumn('outcome', text, (column) => column.notNull())
    .addColumn('answers', 'bigint', (column) => column.notNull())
    .addColumn('estimated', 'bigint', (column) => column.notNull())
    .addColumn('prompt_tokens', 'bigint', (column) => column.notNull())
    .addColumn('completion_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cost', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('usage_days_key', ['day', 'tenant', 'model', 'backend', 'outcome'])
    .execute();
}

async function addAudit(db: Kysely<Schema>): Promise<void> {
  const text = textColumn(db);
  await db.schema
    .createTable('audit_heads')
    .addColumn('tenant', text, (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('hash', text, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('audit_entries')
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor_json', text, (column) => column.notNull())
    .addColumn('action', text, (column) => column.notNull())
    .addColumn('object', text, (column) => column.notNull())
    .addColumn('outcome', text, (column) => column.notNull())
    .addColumn('details_json', text, (column) => column.notNull())
    .addColumn('previous', text, (column) => column.notNull())
    .addColumn('hash', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_entries_key', ['tenant', 'sequence'])
    .execute();
  await createIndex(db, 'audit_entries_by_object', 'audit_entries', ['tenant', 'action', 'object']);
  await createIndex(db, 'audit_entries_by_time', 'audit_entries', ['tenant', 'at']);
  await refuseChanges(db, 'audit_entries');
}
