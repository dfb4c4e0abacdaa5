import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
} from 'kysely';
import { describe, expect, it } from 'vitest';
import { locked, withCountingKey } from './dialects.ts';
import type { Schema } from './schema.ts';

const postgres: Dialect = {
  createDriver: () => new DummyDriver(),
  createAdapter: () => new PostgresAdapter(),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createIntrospector: (db) => new PostgresIntrospector(db),
};
const sqlite: Dialect = {
  createDriver: () => new DummyDriver(),
  createAdapter: () => new SqliteAdapter(),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createIntrospector: (db) => new SqliteIntrospector(db),
};

/** The SQL of what differs, as this dialect says it. */
async function spoken(dialect: Dialect): Promise<{ key: string; lock: string }> {
  const db = new Kysely<Schema>({ dialect });
  const key = withCountingKey(db, db.schema.createTable('t'), 'id').compile().sql;
  const lock = await db
    .transaction()
    .execute(async (trx) => locked(trx, trx.selectFrom('documents').selectAll()).compile().sql);
  return { key, lock };
}

describe('what the dialects say differently', () => {
  it('is said as PostgreSQL understands it', async () => {
    expect(await spoken(postgres)).toEqual({
      key: 'create table "t" ("id" bigint generated always as identity primary key)',
      lock: 'select * from "documents" for update',
    });
  });

  it('is said as SQLite understands it', async () => {
    expect(await spoken(sqlite)).toEqual({
      key: 'create table "t" ("id" integer primary key autoincrement)',
      lock: 'select * from "documents"',
    });
  });
});
