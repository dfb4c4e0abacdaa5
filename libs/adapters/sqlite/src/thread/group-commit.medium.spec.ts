import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { MillraceError } from '@millrace/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerAll } from './answer.ts';
import { GroupCommit } from './group-commit.ts';
import { openDatabase } from './open-database.ts';
import { fromWire } from './wire-error.ts';

describe('calls that share a transaction', () => {
  let folder: string;
  let database: DatabaseSync;
  let group: GroupCommit;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-group-'));
    database = openDatabase(join(folder, 'deep/er/test.sqlite'), [
      'CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT)',
    ]);
    const insert = database.prepare('INSERT INTO item (id, text) VALUES (?, ?)');
    group = new GroupCommit(database, {
      insert: (id: number, text: string) => void insert.run(id, text),
      insertTwo: (id: number) => {
        insert.run(id, 'one of two');
        insert.run(id, 'same id');
      },
      refuse: () => {
        throw new MillraceError('input_too_long', { detail: 'text 3', param: 'texts.3', retryAfter: 7 });
      },
    });
  });
  afterEach(async () => {
    if (database.isOpen) database.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ids = () =>
    database
      .prepare('SELECT id FROM item ORDER BY id')
      .all()
      .map(({ id }) => id);
  const run = (...calls: [method: string, ...args: unknown[]][]) =>
    answerAll(
      group,
      calls.map(([method, ...args], id) => ({ id, method, args })),
    );
  const failureOf = (reply: unknown) => fromWire((reply as { error: Parameters<typeof fromWire>[0] }).error);

  it('are answered one by one, in order', () => {
    expect(run(['insert', 1, 'a'], ['insert', 2, 'b'])).toEqual([
      { id: 0, value: undefined },
      { id: 1, value: undefined },
    ]);
    expect(ids()).toEqual([1, 2]);
  });

  it('fail alone: what the others did stays, what the failing one did goes', () => {
    const replies = run(['insert', 1, 'a'], ['insertTwo', 2], ['insert', 3, 'c'], ['unknown']);
    expect(replies.map((reply) => 'error' in reply)).toEqual([false, true, false, true]);
    expect(failureOf(replies[1])).toMatchObject({ errcode: 1555 }); // SQLITE_CONSTRAINT_PRIMARYKEY
    expect(ids()).toEqual([1, 3]);
  });

  it('bring a MillraceError across with all it says', () => {
    const [reply] = run(['refuse']);
    const error = failureOf(structuredClone(reply));
    expect(error).toBeInstanceOf(MillraceError);
    expect(error).toMatchObject({
      code: 'input_too_long',
      detail: 'text 3',
      param: 'texts.3',
      retryAfter: 7,
    });
  });

  it('say storage_full when the disk is, and go on when it is not', () => {
    run(['insert', 1, 'a']);
    const { page_count } = database.prepare('PRAGMA page_count').get() as { page_count: number };
    database.exec(`PRAGMA max_page_count = ${page_count}`);
    const large = 'x'.repeat(100_000);
    const replies = run(['insert', 2, large], ['insert', 3, large]);
    expect(replies.map((reply) => (failureOf(reply) as MillraceError).code)).toEqual([
      'storage_full',
      'storage_full',
    ]);
    database.exec('PRAGMA max_page_count = 100000');
    expect(run(['insert', 2, large])).toEqual([{ id: 0, value: undefined }]);
    expect(ids()).toEqual([1, 2]);
  });

  it('are closed after the others have run', () => {
    expect(run(['insert', 1, 'a'], ['close'])).toHaveLength(2);
    expect(database.isOpen).toBe(false);
  });
});
