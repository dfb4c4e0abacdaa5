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

describe('a transaction on a full disk', () => {
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

  const write = (text: string) =>
    db.transaction().execute((trx) => trx.insertInto('note').values({ text }).execute());

  it('fails with storage_full, writes nothing, and leaves the connection fit for the next', async () => {
    await sql`pragma max_page_count = 4`.execute(db);
    await expect(write('x'.repeat(100_000))).rejects.toMatchObject({ code: 'storage_full' });
    await sql`pragma max_page_count = 1000`.execute(db);
    await write('small');
    expect(await db.selectFrom('note').selectAll().execute()).toEqual([{ text: 'small' }]);
  });
});
