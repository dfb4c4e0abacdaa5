import { forgottenMs, type Cache, type CacheEntry } from '@millrace/ports';
import type { Redis } from 'ioredis';
import { batchesOf } from './batches.ts';
import { connect, disconnect, told } from './connection.ts';
import { Patience } from './patience.ts';

export interface RedisCacheOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. */
  readonly url: string;
  /** Before every key, so that several may share a Redis. Default `millrace:cache:`. */
  readonly prefix?: string;
  /** Longest wait for a batch of keys; after that they are misses. Default 100. */
  readonly timeoutMs?: number;
  /** How long Redis is left alone after it did not answer. Default 1,000. */
  readonly restMs?: number;
}

/** Keys or bytes that travel together at most. */
const batch = { keys: 500, bytes: 4 * 1024 * 1024 };
/** How long the clocks of two replicas may differ. */
const skewMs = 60_000;

/**
 * The cache that replicas share, in Redis 7 or later. A Redis that is away, full, slow or was emptied costs misses and no
 * errors; only forgetting tells, because what should be gone may be read again once Redis is back. Beside the entries
 * lies a sorted set for each owner: its keys by the time when they expire.
 */
export class RedisCache implements Cache {
  private readonly patience: Patience;

  private constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    restMs: number,
  ) {
    this.patience = new Patience(restMs);
  }

  /** Does not wait for Redis: until it is there, everything is a miss. */
  static open(options: RedisCacheOptions): RedisCache {
    const { prefix = 'millrace:cache:', timeoutMs = 100, restMs = 1_000 } = options;
    return new RedisCache(connect({ url: options.url, timeoutMs, waits: false }), prefix, restMs);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.getMany([key]))[0];
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const found: (Uint8Array | undefined)[] = [];
    for (const some of batchesOf(keys, batch, () => 0)) {
      const values = await this.patience.orElse(() => this.redis.mgetBuffer(some.map(this.entry)), []);
      found.push(...some.map((_, index) => values[index] ?? undefined));
    }
    return found;
  }

  async set(entries: readonly CacheEntry[], ttlMs: number): Promise<void> {
    const lifeMs = Math.ceil(ttlMs);
    if (lifeMs < 1) return;
    for (const some of batchesOf(entries, batch, ({ value }) => value.byteLength))
      await this.patience.orElse(() => this.write(some, lifeMs), undefined);
  }

  /** An entry and its place in the owner's set go together, so that nothing set meanwhile is without its owner. */
  async forget(owner: string): Promise<number> {
    await told('the cache', this.redis.set(this.forgotten(owner), '', 'PX', forgottenMs));
    return this.dropOwned(owner);
  }

  private async dropOwned(owner: string): Promise<number> {
    const own = this.owned(owner);
    for (let forgotten = 0; ;) {
      const keys = await told('the cache', this.redis.zrange(own, 0, batch.keys - 1));
      if (keys.length === 0) return forgotten;
      const answers = await told('the cache', this.redis.multi().unlink(keys).zrem(own, keys).exec());
      forgotten += Number(answers?.[0]?.[1] ?? 0);
    }
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

  /**
   * All in one write or none of it, so that no entry is without its owners. A Redis that answers with a refusal, being
   * full, is there: what it has can still be read.
   */
  private async write(entries: readonly CacheEntry[], lifeMs: number): Promise<void> {
    const now = Date.now();
    const write = this.redis.multi();
    for (const { key, value, owners = [] } of entries) {
      write.set(this.entry(key), Buffer.from(value), 'PX', lifeMs);
      for (const owner of owners) write.zadd(this.owned(owner), now + lifeMs, this.entry(key));
    }
    const owners = [...new Set(entries.flatMap((entry) => entry.owners ?? []))];
    for (const owner of owners) {
      write.zremrangebyscore(this.owned(owner), '-inf', now - skewMs);
      write.pexpire(this.owned(owner), lifeMs + skewMs, 'NX');
      write.pexpire(this.owned(owner), lifeMs + skewMs, 'GT');
    }
    for (const owner of owners) write.exists(this.forgotten(owner));
    const answers = (await write.exec().catch(unlessRefused)) ?? [];
    // The mark is set before anything is dropped, and read after it was written: one of the two sees the other.
    const marks = owners.length > 0 ? answers.slice(-owners.length) : [];
    for (const [at, [, isForgotten]] of marks.entries())
      if (isForgotten === 1) await this.dropOwned(owners[at]!);
  }

  private readonly entry = (key: string): string => `${this.prefix}entry:${key}`;
  private readonly forgotten = (owner: string): string => `${this.prefix}forgotten:${owner}`;
  private readonly owned = (owner: string): string => `${this.prefix}owner:${owner}`;
}

function unlessRefused(error: Error): undefined {
  if (error.name !== 'ReplyError') throw error;
}
