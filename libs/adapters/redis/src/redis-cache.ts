import { MillraceError } from '@millrace/contracts';
import type { Cache, CacheEntry } from '@millrace/ports';
import { Redis } from 'ioredis';
import { batchesOf } from './batches.ts';
import { Patience } from './patience.ts';
import { escapeGlob } from './escape-glob.ts';

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
/** Keys that one step of a scan looks at: about a millisecond of Redis's one thread. */
const scanned = 1_000;
const closeMs = 1_000;

/**
 * The cache that replicas share. A Redis that is away, full, slow or was emptied costs misses and no errors; only
 * deleting tells, because what should be gone may be read again once Redis is back.
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
    return new RedisCache(connect(options.url, timeoutMs), prefix, restMs);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.getMany([key]))[0];
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const found: (Uint8Array | undefined)[] = [];
    for (const some of batchesOf(keys, batch, () => 0)) {
      const values = await this.patience.orElse(() => this.redis.mgetBuffer(some.map(this.named)), []);
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

  async delete(keys: readonly string[]): Promise<void> {
    for (const some of batchesOf(keys, batch, () => 0)) await told(this.redis.unlink(some.map(this.named)));
  }

  async deleteAll(prefix: string): Promise<number> {
    const pattern = `${escapeGlob(this.named(prefix))}*`;
    let deleted = 0;
    let cursor = '0';
    do {
      const [next, keys] = await told(this.redis.scan(cursor, 'MATCH', pattern, 'COUNT', scanned));
      if (keys.length > 0) deleted += await told(this.redis.unlink(keys));
      cursor = next;
    } while (cursor !== '0');
    return deleted;
  }

  /** True when Redis answers in time. */
  async healthy(): Promise<boolean> {
    return this.redis.ping().then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    if (this.redis.status === 'ready') await quit(this.redis);
    this.redis.disconnect();
  }

  /** All in one write. A Redis that answers with a refusal, being full, is there: what it has can still be read. */
  private async write(entries: readonly CacheEntry[], lifeMs: number): Promise<void> {
    const pipeline = this.redis.pipeline();
    for (const { key, value } of entries) pipeline.set(this.named(key), Buffer.from(value), 'PX', lifeMs);
    const answers = (await pipeline.exec()) ?? [];
    const lost = answers.find(([error]) => error !== null && error.name !== 'ReplyError');
    if (lost?.[0]) throw lost[0];
  }

  private readonly named = (key: string): string => this.prefix + key;
}

function connect(url: string, timeoutMs: number): Redis {
  const redis = new Redis(checked(url), {
    commandTimeout: timeoutMs,
    connectTimeout: 2_000,
    // A connection on which nothing comes back is given up, and with it what waits there.
    socketTimeout: 20 * timeoutMs,
    keepAlive: 10_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(2_000, 50 * 2 ** attempt),
  });
  // Every call notices by itself.
  redis.on('error', () => undefined);
  return redis;
}

/** The URL holds a password: what is said of a bad one does not repeat it. */
function checked(url: string): string {
  const scheme = URL.parse(url)?.protocol;
  if (scheme === 'redis:' || scheme === 'rediss:') return url;
  throw new MillraceError('invalid_request', {
    param: 'url',
    detail: 'the URL of Redis is not redis://user:password@host:port/database',
  });
}

async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new MillraceError('dependency_unavailable', { detail: 'the cache does not answer', cause: error });
  }
}

async function quit(redis: Redis): Promise<void> {
  const late = AbortSignal.timeout(closeMs);
  await Promise.race([redis.quit(), new Promise((resolve) => late.addEventListener('abort', resolve))]).catch(
    () => undefined,
  );
}
