import { setTimeout as pause } from 'node:timers/promises';
import { PostgresAdapter, sql, type CreateTableBuilder, type Kysely, type Transaction } from 'kysely';
import type { Schema } from './schema.ts';

// Everything in which the dialects differ.

interface Lockable<Q> {
  forUpdate(): Q;
  skipLocked(): Q;
}

/**
 * Holds rows until the transaction ends, before they are read, and says which: one that comes into being in between is
 * not held, and must not be read. SQLite has one writer at a time: all that is asked for.
 */
export async function held<T, Q extends Lockable<Q> & { execute(): Promise<readonly T[]> }>(
  trx: Transaction<Schema>,
  asked: readonly T[],
  query: Q,
): Promise<readonly T[]> {
  return isPostgres(trx) ? query.forUpdate().execute() : asked;
}

/** Holds those of the rows that it reads which no other transaction holds. */
export const lockedIfFree = <Q extends Lockable<Q>>(trx: Transaction<Schema>, query: Q): Q =>
  isPostgres(trx) ? query.forUpdate().skipLocked() : query;

/** Holds the rows that it reads until the transaction ends, as they were committed last. */
export const locked = <Q extends Pick<Lockable<Q>, 'forUpdate'>>(trx: Transaction<Schema>, query: Q): Q =>
  isPostgres(trx) ? query.forUpdate() : query;

/** Adds a key that the database counts up. SQLite counts only one declared as exactly `integer`, 64 bits wide there. */
export const withCountingKey = <T extends string>(
  db: Kysely<Schema>,
  table: CreateTableBuilder<T>,
  name: string,
): CreateTableBuilder<T, string> =>
  isPostgres(db)
    ? table.addColumn(name, 'bigint', (column) => column.generatedAlwaysAsIdentity().primaryKey())
    : table.addColumn(name, 'integer', (column) => column.primaryKey().autoIncrement());

/** Text in the order of its bytes, which is SQLite's; PostgreSQL would take that of its locale. */
export const textColumn = (db: Kysely<Schema>) => (isPostgres(db) ? sql`text collate "C"` : 'text');

/** From now on the rows of a table can be added and read, and nothing else, whoever asks. */
export async function refuseChanges(db: Kysely<Schema>, table: string): Promise<void> {
  const why = sql.lit(`rows of ${table} are never changed or removed`);
  if (!isPostgres(db)) {
    for (const what of ['update', 'delete'])
      await sql`create trigger ${sql.ref(`${table}_no_${what}`)} before ${sql.raw(what)} on ${sql.table(table)}
        begin select raise(abort, ${why}); end`.execute(db);
    return;
  }
  const refuse = sql.ref(`${table}_refuse`);
  await sql`create function ${refuse}() returns trigger language plpgsql as
    $$ begin raise exception ${why}; end $$`.execute(db);
  await sql`create trigger ${sql.ref(`${table}_unchanged`)} before update or delete or truncate on ${sql.table(table)}
    for each statement execute function ${refuse}()`.execute(db);
}

/** True when another transaction crossed this one, which may do better when tried again: deadlock, serialization, key. */
export const isConflict = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && conflicts.has(error.code);

const conflicts: ReadonlySet<unknown> = new Set(['40001', '40P01', '23505']);

/** Any number that nothing else in the database locks; see also the adapter's lock of the migrations. */
const relayLock = 1_162_690_895;
const longestWaitMs = 200;
const lookMs = 10;
/** The lock's transaction stands still while the log takes the events. */
const longestTurnMs = 120_000;

/**
 * Runs while no other process on the same database does, or not at all: undefined when the turn does not come soon.
 * PostgreSQL gives the turn back when the process that has it dies. A SQLite registry has one process.
 */
export async function inTurn<T>(db: Kysely<Schema>, run: () => Promise<T>): Promise<T | undefined> {
  if (!isPostgres(db)) return run();
  return db.transaction().execute(async (trx) => {
    await sql`set local idle_in_transaction_session_timeout = ${sql.lit(longestTurnMs)}`.execute(trx);
    return (await takeTurn(trx)) ? run() : undefined;
  });
}

async function takeTurn(trx: Transaction<Schema>): Promise<boolean> {
  for (const deadline = Date.now() + longestWaitMs; ; await pause(lookMs)) {
    const take = sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(${sql.lit(relayLock)}) as taken`;
    const { rows } = await take.execute(trx);
    if (rows[0]?.taken) return true;
    if (Date.now() >= deadline) return false;
  }
}

/** Any number that nothing else in the database locks. */
const planLock = 1_162_690_896;

/**
 * Keeps the plan of models as it is until the transaction ends, taken before anything else in it; or, `alone`, waits until
 * nobody keeps it. First come, first served: those who keep it cannot put off for ever who is to write it.
 */
export async function lockPlan(trx: Transaction<Schema>, { alone }: { readonly alone: boolean }) {
  if (!isPostgres(trx)) return;
  const lock = alone ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
  await sql`select ${sql.raw(lock)}(${sql.lit(planLock)})`.execute(trx);
}

const isPostgres = (db: Kysely<Schema>): boolean => db.getExecutor().adapter instanceof PostgresAdapter;
