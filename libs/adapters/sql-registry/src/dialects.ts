import { PostgresAdapter, type CreateTableBuilder, type Kysely, type Transaction } from 'kysely';
import type { Schema } from './schema.ts';

// Everything in which the dialects differ.

interface Lockable<Q> {
  forUpdate(): Q;
}

/** Holds the rows until the transaction ends. SQLite has one writer at a time and no words for it. */
export const locked = <Q extends Lockable<Q>>(trx: Transaction<Schema>, query: Q): Q =>
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

const isPostgres = (db: Kysely<Schema>): boolean => db.getExecutor().adapter instanceof PostgresAdapter;
