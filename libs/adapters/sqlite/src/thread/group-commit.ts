import type { DatabaseSync } from 'node:sqlite';
import type { ThreadModule } from './protocol.ts';

/**
 * A thread module whose waiting calls share one transaction: a commit costs more than a small statement. A call
 * is answered once its transaction is committed. Methods must touch nothing but the database: when one of a group
 * fails, all are rolled back and run again, each in a transaction of its own.
 */
export class GroupCommit {
  constructor(
    private readonly database: DatabaseSync,
    readonly methods: ThreadModule,
    /** What cannot be done inside a transaction: called after each that was committed. Must not throw. */
    private readonly committed?: () => void,
  ) {}

  /** Runs all or none. */
  transaction<T>(run: () => T): T {
    // One that starts by reading could not wait for another connection that writes: it would fail at once.
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = run();
      this.database.exec('COMMIT');
      this.committed?.();
      return result;
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.database.close();
  }
}
