import { MillraceError } from '@millrace/contracts';
import { Redis } from 'ioredis';

const closeMs = 1_000;

export interface ConnectOptions {
  readonly url: string;
  /** Longest wait for an answer. */
  readonly timeoutMs: number;
  /** For a connection as well: until the next try to connect fails. Else a command fails at once while there is none. */
  readonly waits: boolean;
}

/** Connects by itself, and again. No command is sent twice. */
export function connect({ url, timeoutMs, waits }: ConnectOptions): Redis {
  const redis = new Redis(checked(url), {
    commandTimeout: timeoutMs,
    connectTimeout: 2_000,
    // A connection on which nothing comes back is given up, and with it what waits there.
    socketTimeout: 20 * timeoutMs,
    keepAlive: 10_000,
    enableOfflineQueue: waits,
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

/** Says goodbye where somebody hears it, and does not wait long for that. */
export async function disconnect(redis: Redis): Promise<void> {
  if (redis.status === 'ready') await quit(redis);
  redis.disconnect();
}

async function quit(redis: Redis): Promise<void> {
  const late = AbortSignal.timeout(closeMs);
  await Promise.race([redis.quit(), new Promise((resolve) => late.addEventListener('abort', resolve))]).catch(
    () => undefined,
  );
}

/** @param what it is that does not answer */
export async function told<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new MillraceError('dependency_unavailable', { detail: `${what} does not answer`, cause });
  }
}
