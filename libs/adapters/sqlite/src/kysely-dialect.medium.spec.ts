import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteDialect } from './kysely-dialect.ts';
import { entry } from './thread/thread-harness.ts';

interface Schema {
  note: { text: string };
}

let folder: string;
let db: Kysely<Schema>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-dialect-'));
  db = new Kysely<Schema>({ dialect: sqliteDialect({ entry, file: join(folder, 'notes.sqlite') }) });
  await sql`create table note (text text not null)`.execute(db);
});
afterEach(async () => {
  await db.destroy();
  await rm(folder, { recursive: true, force: true });
});

const write = (text: string, on: Kysely<Schema>) => on.insertInto('note').values({ text }).execute();
const notes = async () => (await db.selectFrom('note').selectAll().execute()).map(({ text }) => text);

describe('a transaction on a full disk', () => {
  it('fails with storage_full, writes nothing, and leaves the connection fit for the next', async () => {
    await sql`pragma max_page_count = 4`.execute(db);
    const writing = db.transaction().execute((trx) => write('x'.repeat(100_000), trx));
    await expect(writing).rejects.toMatchObject({ code: 'storage_full' });
    await sql`pragma max_page_count = 1000`.execute(db);
    await db.transaction().execute((trx) => write('small', trx));
    expect(await notes()).toEqual(['small']);
  });

  it('writes nothing of what was sent after the statement that ended it', async () => {
    await sql`pragma max_page_count = 4`.execute(db);
    const writing = db.transaction().execute(async (trx) => {
      await write('before', trx);
      await write('x'.repeat(100_000), trx);
      await write('after', trx);
    });
    await expect(writing).rejects.toMatchObject({ code: 'storage_full' });
    expect(await notes()).toEqual([]);
  });
});

describe('a transaction', () => {
  it('in which nothing is asked for leaves the connection fit for the next', async () => {
    await db.transaction().execute(() => Promise.resolve());
    const failing = db.transaction().execute(() => Promise.reject(new Error('changed my mind')));
    await expect(failing).rejects.toThrow('changed my mind');
    await db.transaction().execute((trx) => write('kept', trx));
    expect(await notes()).toEqual(['kept']);
  });

  it('sees what it has written', async () => {
    const seen = db.transaction().execute(async (trx) => {
      await write('one', trx);
      return trx.selectFrom('note').selectAll().execute();
    });
    expect(await seen).toEqual([{ text: 'one' }]);
  });

  it('of which a write fails does nothing of the rest, says why at the next question, and leaves no trace', async () => {
    await sql`create unique index one_of_each on note (text)`.execute(db);
    const writing = db.transaction().execute(async (trx) => {
      await write('twice', trx);
      await write('twice', trx);
      await expect(trx.selectFrom('note').selectAll().execute()).rejects.toThrow('UNIQUE');
      await write('after', trx);
    });
    await expect(writing).rejects.toThrow('UNIQUE');
    await db.transaction().execute((trx) => write('next', trx));
    expect(await notes()).toEqual(['next']);
  });

  it('that fails at its first statement, or is given up after it, writes nothing', async () => {
    const missing = db.transaction().execute((trx) => sql`insert into nowhere values (1)`.execute(trx));
    await expect(missing).rejects.toThrow('nowhere');
    const givenUp = db.transaction().execute(async (trx) => {
      await write('given up', trx);
      throw new Error('changed my mind');
    });
    await expect(givenUp).rejects.toThrow('changed my mind');
    await write('by itself', db);
    expect(await notes()).toEqual(['by itself']);
  });

  it.each([0, 1])(
    'that is given what SQLite has no value for, as write %i, writes nothing',
    async (place) => {
      const unfit = Symbol('x') as unknown as string;
      const writing = db.transaction().execute(async (trx) => {
        for (const n of [0, 1, 2]) await write(n === place ? unfit : `note ${n}`, trx);
      });
      await expect(writing).rejects.toThrow('SQLite has no value for one of type symbol');
      await write('afterwards', db);
      expect(await notes()).toEqual(['afterwards']);
    },
  );
});
