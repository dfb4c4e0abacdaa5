import { MillraceError } from '@millrace/contracts';
import { Redis, type RedisOptions as ClientOptions } from 'ioredis';
import type { RedisOptions } from './redis-options.ts';
import { notConnected, unavailable } from './unavailable.ts';
import { within } from './within.ts';

/** Longest pause between two tries to connect. */
const maxReconnectPauseMs = 1_000;
/** A connection that owes an answer for longer than this is dropped and made anew. */
const deadSocketMs = 10_000;
/** For how long a failure that goes on is not told of again. */
const toldForMs = 60_000;
/** What a connection gets to say good-bye. */
const quitMs = 500;

/**
 * The connections of one adapter to Redis. Commands fail within their time-out while Redis is away: nothing is kept
 * to be sent later. All connections come back by themselves.
 */
export class RedisLink {
  /** Only while connected; see `run`. */
  readonly commands: Redis;
  private readonly others = new Set<Redis>();
  private connected = Promise.withResolvers<void>();
  /** Tries to connect that fail close, too: whoever waits goes on waiting. */
  private wasReady = false;
  private told: { readonly message: string; readonly at: number } | undefined;
  private closing: Promise<void> | undefined;

  constructor(private readonly options: Required<RedisOptions>) {
    this.commands = this.connect({ commandTimeout: options.commandTimeoutMs });
    this.commands.on('ready', () => {
      this.told = undefined;
      this.wasReady = true;
      this.connected.resolve();
    });
    this.commands.on('close', () => {
      if (this.wasReady) this.connected = Promise.withResolvers();
      this.wasReady = false;
    });
  }

  get closed(): boolean {
    return this.closing !== undefined;
  }

  get ready(): boolean {
    return this.commands.status === 'ready';
  }

  /** Does something once connected; rejects with `dependency_unavailable` when that takes too long. */
  async run<T>(action: (redis: Redis) => Promise<T>): Promise<T> {
    if (this.closed) throw new MillraceError('shutting_down');
    if (!this.ready) await this.untilConnected();
    try {
      return await action(this.commands);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** Calls back whenever the connection for commands is there again. Returns what ends that. */
  onReady(listener: () => void): () => void {
    this.commands.on('ready', listener);
    return () => this.commands.off('ready', listener);
  }

  /** A connection for commands that wait at the server: never longer than `deadSocketMs`. */
  openBlocking(): Redis {
    return this.keep(this.connect({}));
  }

  /** A connection that listens to channels, none of which it knows any more after a reconnect. */
  openSubscriber(): Redis {
    return this.keep(this.connect({ autoResubscribe: false }));
  }

  drop(redis: Redis): void {
    this.others.delete(redis);
    redis.disconnect();
  }

  /** Tells of a failure in the background, and of the same one not again for a while. */
  tell(thrown: unknown): void {
    const error = unavailable(thrown);
    const again = error.message === this.told?.message && Date.now() - this.told.at < toldForMs;
    if (this.closed || again) return;
    this.told = { message: error.message, at: Date.now() };
    this.options.onError(error);
  }

  /** Bounded, whether or not Redis is there. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    for (const redis of this.others) this.drop(redis);
    if (this.ready) await within(quitMs, this.commands.quit()).catch(() => undefined);
    this.commands.disconnect();
  }

  private keep(redis: Redis): Redis {
    this.others.add(redis);
    return redis;
  }

  private connect(options: ClientOptions): Redis {
    const redis = new Redis(this.options.url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      connectTimeout: this.options.commandTimeoutMs,
      socketTimeout: deadSocketMs,
      keepAlive: deadSocketMs,
      retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 10), maxReconnectPauseMs),
      ...options,
    });
    redis.on('error', (error) => this.tell(error));
    return redis;
  }

  private async untilConnected(): Promise<void> {
    const inTime = await within(this.options.commandTimeoutMs, this.connected.promise);
    if (this.closed) throw new MillraceError('shutting_down');
    if (!inTime) throw notConnected();
  }
}
