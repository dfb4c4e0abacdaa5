import type { Redis } from 'ioredis';
import type { RedisLink } from '../connection/redis-link.ts';

type Listener = (message: string) => void;

/**
 * The one connection of a process that listens: to the replies to its calls, and to what its callers gave up. What
 * is published while it is away is lost; the deadlines of the calls cover that.
 */
export class CallSubscriber {
  private readonly redis: Redis;
  /** Set once Redis confirmed a channel: after that channels come back with the connection. */
  heard = false;
  private readonly listeners = new Map<string, Listener>();

  constructor(link: RedisLink) {
    this.redis = link.openSubscriber();
    this.redis.on('message', (channel, message) => this.listeners.get(channel)?.(message));
  }

  get connected(): boolean {
    return this.redis.status === 'ready';
  }

  /** Resolves when Redis confirmed it, however long it is away. Rejects only when closed before that. */
  async listen(channel: string, listener: Listener): Promise<void> {
    this.listeners.set(channel, listener);
    await this.redis.subscribe(channel);
    this.heard = true;
  }

  leave(channel: string): void {
    this.listeners.delete(channel);
    this.redis.unsubscribe(channel).catch(() => undefined);
  }
}
