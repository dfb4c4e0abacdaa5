import type { DatabaseSync } from 'node:sqlite';

/** Pages of the text index that one step writes: some ten milliseconds. */
const stepPages = 128;
/** The command itself and the index's note of it: with fewer changes than these nothing was left to do. */
const leastChanges = 2;

/** The words of erased chunks in the text index's file, and how they leave it: see `TextSweep`. */
export class ErasedTerms {
  private isSwept = false;

  constructor(private readonly database: DatabaseSync) {}

  /** Chunks go: their words have to be swept out. */
  note(): void {
    this.database.exec('INSERT INTO unswept (sweep) VALUES (NULL)');
  }

  /**
   * One step of FTS5's incremental merge of all into one (https://sqlite.org/fts5.html#the_merge_command): a negative
   * number of pages begins it, positive ones go on. True once nothing is left to do.
   */
  sweep(isFirst: boolean): boolean {
    if (isFirst && !this.areUnswept()) return true;
    if (isFirst) this.database.exec('UPDATE unswept SET sweep = 1');
    const before = this.changes();
    this.database
      .prepare("INSERT INTO text_index (text_index, rank) VALUES ('merge', ?)")
      .run(isFirst ? -stepPages : stepPages);
    if (this.changes() - before >= leastChanges) return false;
    this.database.exec('DELETE FROM unswept WHERE sweep = 1');
    this.isSwept = true;
    return true;
  }

  /** After a sweep: the write-ahead log has the pages as they were. Outside of a transaction; never throws. */
  emptyLog(): void {
    if (!this.isSwept) return;
    this.isSwept = false;
    try {
      this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // On a full disk for one: SQLite empties the log itself, later.
    }
  }

  private areUnswept(): boolean {
    return this.database.prepare('SELECT 1 FROM unswept LIMIT 1').get() !== undefined;
  }

  private changes(): number {
    return Number(this.database.prepare('SELECT total_changes() AS changes').get()!['changes']);
  }
}
