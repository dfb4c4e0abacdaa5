import type { DatabaseSync } from 'node:sqlite';

const everyMs = 10_000;

/**
 * Moves the write-ahead log into the file now and then, so that what was deleted does not stay readable in the log, nor
 * in pages of the file that the log has overwritten, until some hundred more changes happen to come.
 * @returns ends it
 */
export function emptyLogRegularly(database: DatabaseSync): () => void {
  let seen = changesOf(database);
  const timer = setInterval(() => {
    const changes = changesOf(database);
    if (changes === seen || database.isTransaction) return;
    try {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      seen = changes;
    } catch {
      // On a full disk for one: the next time will do.
    }
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

const changesOf = (database: DatabaseSync): unknown =>
  database.prepare('SELECT total_changes() AS changes').get()!['changes'];
