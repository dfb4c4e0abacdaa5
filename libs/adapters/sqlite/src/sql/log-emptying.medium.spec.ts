import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openSql, type SqlCalls } from './sql-module.ts';

let folder: string;
let sql: SqlCalls & { close(): void };

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  folder = await mkdtemp(join(tmpdir(), 'millrace-log-'));
  sql = openSql(join(folder, 'test.sqlite')) as unknown as typeof sql;
  sql.execute('CREATE TABLE item (id INTEGER PRIMARY KEY, title TEXT)', []);
});
afterEach(async () => {
  sql.close();
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

/** Whether the words stand in any file of the database. */
async function isThere(words: string): Promise<boolean> {
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  return files.some((bytes) => bytes.includes(words));
}

it('leaves nothing of what was deleted in the files ten seconds later', async () => {
  sql.execute('INSERT INTO item (title) VALUES (?)', ['larkspur vault']);
  vi.advanceTimersByTime(10_000);
  expect(await isThere('larkspur vault')).toBe(true);
  sql.execute('DELETE FROM item', []);
  expect(await isThere('larkspur vault')).toBe(true);
  vi.advanceTimersByTime(10_000);
  expect(await isThere('larkspur vault')).toBe(false);
});

it('leaves an open transaction alone', async () => {
  sql.executeFirst('INSERT INTO item (title) VALUES (?)', ['one']);
  vi.advanceTimersByTime(30_000);
  sql.commit();
  expect(sql.execute('SELECT title FROM item', []).rows).toEqual([{ title: 'one' }]);
});
