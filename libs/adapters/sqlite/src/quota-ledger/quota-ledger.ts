import { randomUUID } from 'node:crypto';
import {
  reservationOf,
  type Counted,
  type QuotaCost,
  type QuotaGrant,
  type QuotaLedger,
  type QuotaLimit,
  type Reservation,
} from '@millrace/ports';
import { SqliteThread } from '../thread/sqlite-thread.ts';

export interface QuotaLedgerOptions {
  /** The bundled `sqlite.worker.ts`. */
  readonly entry: URL;
  /** The database file; its folder is made when missing. One process at a time. */
  readonly file: string;
}

/** The ledger in one SQLite file with one owning process, by that process’s clock. */
export class SqliteQuotaLedger implements QuotaLedger {
  private constructor(private readonly thread: SqliteThread) {}

  /** `thread` is for tests that end it as a crash would. Rejects when another process has the file. */
  static async open(
    { entry, file }: QuotaLedgerOptions,
    thread = new SqliteThread(entry, { module: 'quota-ledger', file }),
  ): Promise<SqliteQuotaLedger> {
    try {
      await thread.call('probe', Date.now());
    } catch (error) {
      await thread.close();
      throw error;
    }
    return new SqliteQuotaLedger(thread);
  }

  async reserve(
    tenant: string,
    cost: QuotaCost,
    limits: readonly QuotaLimit[],
    leaseMs: number,
  ): Promise<Reservation> {
    const asked = { id: randomUUID(), tenant, cost, limits };
    const now = Date.now();
    return reservationOf(asked, await this.thread.call<Counted>('reserve', asked, now + leaseMs, now));
  }

  settle(grant: QuotaGrant, used: QuotaCost): Promise<boolean> {
    return this.thread.call('settle', grant, used, Date.now());
  }

  renew(grant: QuotaGrant, leaseMs: number): Promise<boolean> {
    const now = Date.now();
    return this.thread.call('renew', grant, now + leaseMs, now);
  }

  async healthy(): Promise<boolean> {
    return this.thread.call('probe', Date.now()).then(
      () => true,
      () => false,
    );
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}
