import type { Redis } from 'ioredis';
import type { RedisLink } from '../connection/redis-link.ts';
import { within } from '../connection/within.ts';

type Listener = (message: string) => void;

/**
 * The one connection of a process that listens: to the replies to its calls, and to what its callers gave up. What
 * is published while it is away is lost: of a short absence the deadlines of the calls take care, a long one is told.
 */
export class CallSubscriber {
  private readonly redis: Redis;
  private readonly listeners = new Map<string, Listener>();
  private hearing = Promise.withResolvers<void>();
  /** Redis confirmed all channels since it was connected last. */
  private confirmed = false;

  /** `onDeaf`: nothing has been heard for `patienceMs` since the connection was lost. */
  constructor(
    private readonly link: RedisLink,
    private readonly patienceMs: number,
    private readonly onDeaf: () => void,
  ) {
    this.redis = link.openSubscriber();
    this.redis.on('message', (channel, message) => this.listeners.get(channel)?.(message));
    this.redis.on('ready', () => void this.subscribeAll());
    this.redis.on('close', () => void this.lost());
  }

  get isHearing(): boolean {
    return this.confirmed;
  }

  /** Waits until everything is heard, at most so long. Whether it is. */
  async hears(): Promise<boolean> {
    return this.confirmed || within(this.patienceMs, this.hearing.promise);
  }

  /** From now on, or as soon as there is a connection. */
  listen(channel: string, listener: Listener): void {
    this.listeners.set(channel, listener);
    if (this.redis.status === 'ready') void this.subscribeAll();
  }

  leave(channel: string): void {
    this.listeners.delete(channel);
    if (this.redis.status === 'ready') this.redis.unsubscribe(channel).catch(() => undefined);
  }

  /** Tries to connect again that fail end up here as well; only the loss itself counts. */
  private async lost(): Promise<void> {
    if (!this.confirmed) return;
    this.confirmed = false;
    this.hearing = Promise.withResolvers();
    if (this.link.closed) return;
    if (!(await this.hears())) this.onDeaf();
  }

  private async subscribeAll(): Promise<void> {
    try {
      await this.redis.subscribe(...this.listeners.keys());
      this.confirmed = true;
      this.hearing.resolve();
    } catch (error) {
      // A connection that broke comes back and tries again; one that was refused is made anew.
      this.link.tell(error);
      if (this.redis.status === 'ready') this.redis.disconnect(true);
    }
  }
}
