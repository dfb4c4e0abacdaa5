import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { asMillraceError, isConnectionLost } from './database-error.ts';

export interface GuardLimits {
  /** A connection that has not answered a statement after this is given up, as its server may be gone without a word. */
  readonly answerMs: number;
  readonly maxWaiting: number;
}

const closeMs = 5_000;

/**
 * A pool whose errors are ours, whose waiting is bounded, and that never hands out again a connection that failed: a
 * connection that dies is noticed by whoever uses it next, and the one after that is new.
 */
export class GuardedPool implements PostgresPool {
  readonly options = {};

  constructor(
    private readonly pool: Pool,
    private readonly limits: GuardLimits,
  ) {
    // The pool listens to a connection only while nobody uses it (brianc/node-postgres #2439).
    pool.on('connect', (client) => client.on('error', noticedByTheNextCall));
    pool.on('error', noticedByTheNextCall);
  }

  async connect(): Promise<PostgresPoolClient> {
    if (this.pool.waitingCount >= this.limits.maxWaiting)
      throw new MillraceError('queue_full', { retryAfter: 1, detail: 'the database is behind' });
    try {
      return new GuardedClient(await this.pool.connect(), this.limits.answerMs);
    } catch (error) {
      throw asMillraceError(error);
    }
  }

  /** Waits for what is under way, but not for long. */
  async end(): Promise<void> {
    const waiting = new AbortController();
    const late = pause(closeMs, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([this.pool.end(), late]);
    waiting.abort();
  }
}

const noticedByTheNextCall = (): void => undefined;

class GuardedClient implements PostgresPoolClient {
  private lost = false;

  constructor(
    private readonly client: PoolClient,
    private readonly answerMs: number,
  ) {}

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query(cursor: never): never;
  async query<R>(sql: string, parameters: readonly unknown[] = []): Promise<PostgresQueryResult<R>> {
    if (this.lost)
      throw new MillraceError('dependency_unavailable', {
        detail: 'the connection to the database was lost',
      });
    try {
      const result = await this.inTime(this.client.query(sql, parameters.map(storable)));
      return result as unknown as PostgresQueryResult<R>;
    } catch (error) {
      this.lost ||= isConnectionLost(error);
      throw asMillraceError(error);
    }
  }

  /** One that failed is closed, whatever it was in the middle of. */
  release(destroy = false): void {
    this.client.release(destroy || this.lost);
  }

  private async inTime<T>(answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the database did not answer in time')), this.answerMs);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** PostgreSQL keeps every character but this one. */
const storable = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
