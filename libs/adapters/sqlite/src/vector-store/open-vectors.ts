import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MillraceError } from '@millrace/contracts';
import { getLoadablePath } from 'sqlite-vec';
import { migrations } from './schema.ts';

/** Milliseconds to wait while the other connection writes or recovers. */
const busyTimeoutMs = 10_000;
/** Pages kept in memory by one connection, in KiB. */
const cacheKiB = 32_768;

/**
 * One of the two connections to the vector file: one thread writes, another searches, and WAL gives every search a
 * snapshot. `synchronous=FULL`, so that what was acknowledged outlives a power cut too: nothing else would notice
 * that a published version is gone. `secure_delete` overwrites what was erased.
 * Throws `dependency_unavailable` when a newer Millrace wrote the file.
 */
export function openVectors(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { allowExtension: true, timeout: busyTimeoutMs });
  try {
    database.loadExtension(getLoadablePath());
    database.enableLoadExtension(false);
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -${cacheKiB}`,
    );
    migrate(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSync, file: string): void {
  database.exec('BEGIN IMMEDIATE');
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > migrations.length)
    throw new MillraceError('dependency_unavailable', { detail: `${file} was written by a newer Millrace` });
  for (const migration of migrations.slice(version)) database.exec(migration);
  database.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`);
}
