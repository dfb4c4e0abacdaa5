import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './open-database.ts';

describe('opening a database file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-open-'));
    file = join(folder, 'test.sqlite');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const first = 'CREATE TABLE item (id INTEGER PRIMARY KEY); INSERT INTO item VALUES (1)';
  const second = 'INSERT INTO item VALUES (2)';
  const itemsAfter = (migrations: string[]) => {
    const database = openDatabase(file, migrations);
    const { items } = database.prepare('SELECT count(*) AS items FROM item').get() as { items: number };
    database.close();
    return items;
  };

  it('runs each migration once', () => {
    expect(itemsAfter([first])).toBe(1);
    expect(itemsAfter([first])).toBe(1);
    expect(itemsAfter([first, second])).toBe(2);
    expect(itemsAfter([first, second])).toBe(2);
  });

  it('leaves a file as it was when a migration fails', () => {
    expect(() => openDatabase(file, [`${first}; nonsense`])).toThrow('nonsense');
    expect(itemsAfter([first])).toBe(1);
  });

  it('refuses a file that a newer version wrote', () => {
    itemsAfter([first, second]);
    expect(() => openDatabase(file, [first])).toThrow('written by a newer Millrace');
  });

  it('refuses a file that is no database', async () => {
    await writeFile(file, 'no database at all, but long enough to be taken for one, at least at first sight');
    expect(() => openDatabase(file, [first])).toThrow('not a database');
  });

  it('writes ahead, and does not wait for the disk at every commit', () => {
    const database = openDatabase(file, [first]);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 1 });
    database.close();
  });
});
