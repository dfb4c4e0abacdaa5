import {
  DeleteQueryNode,
  InsertQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  UpdateQueryNode,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { SqlResult } from './sql/sql-module.ts';
import { Turns } from './sql/turns.ts';
import { SqliteThread } from './thread/sqlite-thread.ts';

export interface SqliteDialectOptions {
  /** The bundled `sqlite.worker.ts`. */
  readonly entry: URL;
  readonly file: string;
  /** Statements and transactions that may wait for the connection; one more is refused. Default 10,000. */
  readonly maxWaiting?: number;
}

/**
 * Kysely over a database file in its own thread. A write inside a transaction is not waited for: it travels with what
 * comes next, so that all writes and the commit are one trip. Should it fail, whatever follows in the transaction fails
 * with its error, and the commit at the latest. How many rows it changed is therefore not known: where that matters, have
 * it return them.
 */
export const sqliteDialect = (options: SqliteDialectOptions): Dialect => ({
  createDriver: () => new ThreadDriver(options),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => new TransactionalSqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
});

/** SQLite can roll back schema changes; Kysely's own adapter does not make use of it. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * One connection, lent to one statement or transaction at a time: between `begin` and `commit` the thread would
 * otherwise run statements of others inside this transaction.
 */
class ThreadDriver implements Driver {
  private readonly thread: SqliteThread;
  private readonly turns: Turns;
  private readonly connection: ThreadConnection;

  constructor({ entry, file, maxWaiting = 10_000 }: SqliteDialectOptions) {
    this.thread = new SqliteThread(entry, { module: 'sql', file });
    this.turns = new Turns(maxWaiting);
    this.connection = new ThreadConnection(this.thread);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.turns.take();
    return this.connection;
  }

  async releaseConnection(): Promise<void> {
    this.turns.give();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as ThreadConnection).begin();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as ThreadConnection).end('commit');
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as ThreadConnection).end('rollback');
  }

  destroy(): Promise<void> {
    return this.thread.close();
  }
}

class ThreadConnection implements DatabaseConnection {
  private mode: 'execute' | 'executeFirst' | 'executeWithin' = 'execute';

  constructor(private readonly thread: SqliteThread) {}

  /** The next statement opens the transaction: a call less. */
  begin(): void {
    this.mode = 'executeFirst';
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    const opened = this.mode === 'executeWithin';
    this.mode = 'execute';
    if (opened) await this.thread.call<void>(how);
  }

  async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
    // What cannot be sent would never fail the transaction that it is part of.
    parameters.forEach(assertBindable);
    const method = this.mode;
    if (method === 'executeFirst') this.mode = 'executeWithin';
    const result = this.thread.call<SqlResult>(method, sql, parameters);
    if (method !== 'execute' && isPlainWrite(query)) {
      result.catch(() => undefined); // the next statement, or the commit, fails with the same
      return { rows: [] };
    }
    const { rows, changes } = await result;
    return { rows: rows as R[], numAffectedRows: BigInt(changes) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('this dialect does not stream');
  }
}

function assertBindable(value: unknown): void {
  if (value === null || ['string', 'number', 'bigint'].includes(typeof value) || ArrayBuffer.isView(value))
    return;
  throw new TypeError(`SQLite has no value for one of type ${typeof value}`);
}

const isPlainWrite = (query: CompiledQuery['query']): boolean =>
  (InsertQueryNode.is(query) || UpdateQueryNode.is(query) || DeleteQueryNode.is(query)) && !query.returning;
