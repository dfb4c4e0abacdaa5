import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { openDatabase } from '../thread/open-database.ts';
import type { ThreadModule } from '../thread/protocol.ts';
import { emptyLogRegularly } from './log-emptying.ts';

export interface SqlResult {
  readonly rows: unknown[];
  /** Rows written, for statements that return none. */
  readonly changes: number;
}

type Execute = (sql: string, parameters: readonly SQLInputValue[]) => SqlResult;

/** The module's methods on its own thread: each runs one statement. */
export interface SqlCalls {
  /** By itself. */
  readonly execute: Execute;
  /** As the first of a transaction, which takes the write lock at once: none fails half-way for want of it. */
  readonly executeFirst: Execute;
  /** In the open transaction. Once a statement of it has failed, all that follow fail with the same error. */
  readonly executeWithin: Execute;
  /** All or nothing: when it fails, the transaction is over just the same. */
  readonly commit: () => void;
  /** Also where a statement has ended the transaction already, as a full disk does, or it could not be opened. */
  readonly rollback: () => void;
}

/** Prepared statements kept; the registry has about sixty. */
const maxPrepared = 256;

/**
 * Thread module: runs one statement at a time, for whoever brings SQL and migrations of its own. `synchronous=FULL`
 * syncs the write-ahead log at every commit: what was acknowledged survives a power cut
 * (https://sqlite.org/pragma.html#pragma_synchronous).
 */
export function openSql(file: string): ThreadModule {
  const database = openDatabase(file, []);
  database.exec('PRAGMA synchronous = FULL');
  const stopEmptying = emptyLogRegularly(database);
  const prepare = preparer(database);
  const execute: Execute = (sql, parameters) => {
    const { statement, returnsRows } = prepare(sql);
    if (returnsRows) return { rows: statement.all(...parameters), changes: 0 };
    return { rows: [], changes: Number(statement.run(...parameters).changes) };
  };
  let failure: { readonly reason: unknown } | undefined;
  /** Runs a part of the transaction, unless a part before it failed. */
  const within = <T>(run: () => T): T => {
    if (failure) throw failure.reason;
    try {
      return run();
    } catch (reason) {
      failure = { reason };
      throw reason;
    }
  };
  const rollback = (): void => {
    if (database.isTransaction) database.exec('ROLLBACK');
  };
  const calls: SqlCalls = {
    execute,
    executeFirst(sql, parameters) {
      failure = undefined;
      return within(() => {
        database.exec('BEGIN IMMEDIATE');
        return execute(sql, parameters);
      });
    },
    executeWithin: (sql, parameters) => within(() => execute(sql, parameters)),
    commit() {
      try {
        within(() => database.exec('COMMIT'));
      } finally {
        rollback();
      }
    },
    rollback,
  };
  return {
    ...calls,
    close() {
      stopEmptying();
      database.close();
    },
  };
}

interface Prepared {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
}

function preparer(database: DatabaseSync): (sql: string) => Prepared {
  const known = new Map<string, Prepared>();
  return (sql) => {
    const found = known.get(sql);
    if (found) return found;
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size >= maxPrepared) known.delete(oldest);
    const statement = database.prepare(sql);
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    known.set(sql, prepared);
    return prepared;
  };
}
