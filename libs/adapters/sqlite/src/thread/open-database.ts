import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MillraceError } from '@millrace/contracts';

/** Milliseconds to wait for a previous owner that is still closing. */
const busyTimeoutMs = 3_000;

/** SQLITE_BUSY. */
const busy = 5;

/**
 * Opens a database file for this thread alone, in WAL mode with `synchronous=NORMAL`: what was committed survives
 * the death of the process; a power cut may take the last commits, but never the file. `secure_delete` overwrites what
 * was erased. `migrations` are run in order, once each; `user_version` counts them.
 * Throws `data_folder_in_use` when another process has the file, `dependency_unavailable` when a newer Millrace wrote it.
 */
export function openDatabase(file: string, migrations: readonly string[]): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    // Exclusive before WAL: then the index of the WAL lies in memory, and the lock is held until the file is closed.
    database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON',
    );
    database.exec('BEGIN IMMEDIATE');
    migrate(database, file, migrations);
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database.close();
    throw isBusy(error) ? new MillraceError('data_folder_in_use', { detail: file, cause: error }) : error;
  }
}

function migrate(database: DatabaseSync, file: string, migrations: readonly string[]): void {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (row.user_version > migrations.length)
    throw new MillraceError('dependency_unavailable', { detail: `${file} was written by a newer Millrace` });
  for (const migration of migrations.slice(row.user_version)) database.exec(migration);
  database.exec(`PRAGMA user_version = ${migrations.length}`);
}

/** Extended codes have the primary one in their low byte. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === busy;
