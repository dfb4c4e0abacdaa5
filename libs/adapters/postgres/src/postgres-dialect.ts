import { MillraceError } from '@millrace/contracts';
import { PostgresDialect, type Dialect, type PostgresAdapter } from 'kysely';
import { Pool, TypeOverrides, types, type PoolConfig } from 'pg';
import { GuardedPool } from './guarded-pool.ts';
import { PollingPostgresAdapter } from './polling-adapter.ts';

export interface PostgresDialectOptions {
  /** `postgres://user:password@host:port/database`; its query may carry what libpq knows, such as `sslmode`. */
  readonly url: string;
  /** Connections at most. Default 10; at least 3: one relays, one writes, the rest read. */
  readonly poolSize?: number;
  /** TLS, unless the URL's `sslmode` says it. Default: none. */
  readonly ssl?: PoolConfig['ssl'];
  /** Longest wait for a connection, free or new. Default 3,000. */
  readonly connectTimeoutMs?: number;
  /** Longest a statement may take, waiting for locks included. Default 10,000. */
  readonly statementTimeoutMs?: number;
  /** Calls that may wait for a connection; one more is refused with `queue_full`. Default 10,000. */
  readonly maxWaiting?: number;
}

/** A process that stands still inside a transaction loses it after this, so that its locks block nobody for good. */
const idleInTransactionMs = 15_000;
const minPoolSize = 3;

/** Kysely over a pool of connections to PostgreSQL. 64-bit integers come as numbers. */
export function postgresDialect(options: PostgresDialectOptions): Dialect {
  const { connectTimeoutMs = 3_000, statementTimeoutMs = 10_000, maxWaiting = 10_000 } = options;
  const pool = new Pool({
    connectionString: checked(options.url),
    ...(options.ssl !== undefined && { ssl: options.ssl }),
    max: Math.max(minPoolSize, options.poolSize ?? 10),
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'millrace',
    types: parsers,
  });
  return new PollingPostgresDialect({
    pool: new GuardedPool(pool, { answerMs: statementTimeoutMs + connectTimeoutMs, maxWaiting }),
  });
}

class PollingPostgresDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new PollingPostgresAdapter();
  }
}

/** The URL holds a password: what is said of a bad one does not repeat it. */
function checked(url: string): string {
  const scheme = URL.parse(url)?.protocol;
  if (scheme === 'postgres:' || scheme === 'postgresql:') return url;
  throw new MillraceError('invalid_request', {
    param: 'url',
    detail: 'the URL of the database is not postgres://user:password@host:port/database',
  });
}

/** The registry's numbers are counters and epoch milliseconds: far below 2^53. */
const parsers = new TypeOverrides();
parsers.setTypeParser(types.builtins.INT8, Number);
