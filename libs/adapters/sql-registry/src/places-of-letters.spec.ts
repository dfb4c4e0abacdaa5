import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { givenUpHeader } from '@millrace/contracts';
import {
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
} from 'kysely';
import { expect, it } from 'vitest';
import { addPlacesOfLetters } from './places-of-letters.ts';
import type { Schema } from './schema.ts';

const given = (up: string): string => JSON.stringify({ headers: { [givenUpHeader]: up } });

it('letters of an earlier version of Millrace get the place of their message', async () => {
  const database = new DatabaseSync(':memory:');
  database.exec(`
    create table documents (document text);
    create table dead_letters (id text primary key, at bigint, replay_json text);
  `);
  const insert = database.prepare('insert into dead_letters values (?, ?, ?)');
  for (let n = 0; n < 40; n++)
    insert.run(`letter ${n}`, 2_000 + n, given(n % 2 === 0 ? new Date(1_000 + n).toISOString() : ''));
  await addPlacesOfLetters(new Kysely<Schema>({ dialect: over(database) }));
  const letters = database.prepare('select at, said_at from dead_letters').all();
  expect(letters).toHaveLength(40);
  for (const { at, said_at: saidAt } of letters)
    expect(saidAt).toBe(Number(at) % 2 === 0 ? Number(at) - 1_000 : at);
});

function over(database: DatabaseSync): Dialect {
  const connection: DatabaseConnection = {
    executeQuery: async <R>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) => ({
      rows: database.prepare(sql).all(...(parameters as SQLInputValue[])) as R[],
    }),
    streamQuery: () => {
      throw new Error('nothing is streamed');
    },
  };
  const nothing = async (): Promise<void> => undefined;
  return {
    createDriver: () => ({
      ...{ init: nothing, destroy: nothing, releaseConnection: nothing },
      ...{ beginTransaction: nothing, commitTransaction: nothing, rollbackTransaction: nothing },
      acquireConnection: async () => connection,
    }),
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}
