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
import { held, isConflict, lockedIfFree, textColumn, withCountingKey } from './dialects.ts';
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
async function spoken(
  dialect: Dialect,
): Promise<Record<'key' | 'text' | 'lockFree', string> & { asked: string[] }> {
  const asked: string[] = [];
  const db = new Kysely<Schema>({ dialect, log: ({ query }) => void asked.push(query.sql) });
  const key = withCountingKey(db, db.schema.createTable('t'), 'id').compile().sql;
  const text = db.schema.createTable('t').addColumn('c', textColumn(db)).compile().sql;
  const lockFree = await db.transaction().execute(async (trx) => {
    const documents = trx.selectFrom('documents').selectAll();
    await held<unknown, typeof documents>(trx, [], documents);
    return lockedIfFree(trx, documents).compile().sql;
  });
  return { key, text, asked, lockFree };
}

describe('what the dialects say differently', () => {
  it('is said as PostgreSQL understands it', async () => {
    expect(await spoken(postgres)).toEqual({
      key: 'create table "t" ("id" bigint generated always as identity primary key)',
      text: 'create table "t" ("c" text collate "C")',
      asked: ['select * from "documents" for update'],
      lockFree: 'select * from "documents" for update skip locked',
    });
  });

  it('is said as SQLite understands it', async () => {
    expect(await spoken(sqlite)).toEqual({
      key: 'create table "t" ("id" integer primary key autoincrement)',
      text: 'create table "t" ("c" text)',
      asked: [],
      lockFree: 'select * from "documents"',
    });
  });

  it('tells a transaction that was crossed from one at fault', () => {
    const failed = (code: string) => Object.assign(new Error('failed'), { code });
    expect(['40001', '40P01', '23505'].map(failed).every(isConflict)).toBe(true);
    expect([failed('23502'), new Error('40001'), '40001'].some(isConflict)).toBe(false);
  });
});
