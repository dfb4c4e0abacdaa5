import { randomUUID } from 'node:crypto';
import {
  reservationOf,
  type QuotaCost,
  type QuotaGrant,
  type QuotaLedger,
  type QuotaLimit,
  type Reservation,
} from '@millrace/ports';
import type { Redis } from 'ioredis';
import { connect, disconnect, told } from '../connection.ts';
import * as scripts from './quota-scripts.ts';

export interface RedisQuotaLedgerOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. */
  readonly url: string;
  /** Before every key, so that several may share a Redis; without braces. Default `millrace:quota:`. */
  readonly prefix?: string;
  /** Longest wait for an answer. Default 2,000, for it is this process that may be slow. */
  readonly timeoutMs?: number;
}

type Script<Answer> = (
  usage: string,
  leases: string,
  ...args: readonly (string | number)[]
) => Promise<Answer>;

interface Scripts {
  readonly reserveQuota: Script<number[]>;
  readonly settleQuota: Script<number>;
  readonly renewQuota: Script<number>;
}

/** In complaints. */
const ledger = 'the quota ledger';

const nameOf = ({ measure, windowMs }: Pick<QuotaLimit, 'measure' | 'windowMs'>): string =>
  `${measure}:${windowMs}`;

/**
 * The ledger that replicas share, in Redis 7 or later, by its clock. It holds as far as Redis keeps what it acknowledged:
 * with `appendfsync everysec` a power cut may take the last second.
 */
export class RedisQuotaLedger implements QuotaLedger {
  private readonly redis: Redis & Scripts;

  private constructor(
    redis: Redis,
    private readonly prefix: string,
  ) {
    redis.defineCommand('reserveQuota', { numberOfKeys: 2, lua: scripts.reserve });
    redis.defineCommand('settleQuota', { numberOfKeys: 2, lua: scripts.settle });
    redis.defineCommand('renewQuota', { numberOfKeys: 2, lua: scripts.renew });
    this.redis = redis as Redis & Scripts;
  }

  /** Does not wait for Redis. */
  static open({
    url,
    prefix = 'millrace:quota:',
    timeoutMs = 2_000,
  }: RedisQuotaLedgerOptions): RedisQuotaLedger {
    return new RedisQuotaLedger(connect({ url, timeoutMs, waits: true }), prefix);
  }

  async reserve(
    tenant: string,
    cost: QuotaCost,
    limits: readonly QuotaLimit[],
    leaseMs: number,
  ): Promise<Reservation> {
    const id = randomUUID();
    const asked = limits.flatMap((limit) => [
      ...[nameOf(limit), limit.windowMs, limit.max, cost[limit.measure]],
    ]);
    const [granted, now, endedLeases, ...found] = await told(
      ledger,
      this.redis.reserveQuota(...this.keys(tenant), id, leaseMs, ...asked),
    );
    const windows = limits.map((_, at) => ({ window: found[2 * at]!, used: found[2 * at + 1]! }));
    const counted = { granted: granted === 1, now: now!, endedLeases: endedLeases!, windows };
    return reservationOf({ id, tenant, cost, limits }, counted);
  }

  async settle({ id, tenant, charges }: QuotaGrant, used: QuotaCost): Promise<boolean> {
    const corrections = charges.flatMap((charge) => [
      ...[nameOf(charge), charge.window, used[charge.measure] - charge.amount],
    ]);
    return (await told(ledger, this.redis.settleQuota(...this.keys(tenant), id, ...corrections))) === 1;
  }

  async renew({ id, tenant }: QuotaGrant, leaseMs: number): Promise<boolean> {
    return (await told(ledger, this.redis.renewQuota(...this.keys(tenant), id, leaseMs))) === 1;
  }

  /** True when Redis answers in time. */
  async healthy(): Promise<boolean> {
    return this.redis.ping().then(
      () => true,
      () => false,
    );
  }

  close(): Promise<void> {
    return disconnect(this.redis);
  }

  private keys(tenant: string): [usage: string, leases: string] {
    const ofTenant = `${this.prefix}{${tenant}}`;
    return [`${ofTenant}:usage`, `${ofTenant}:leases`];
  }
}
