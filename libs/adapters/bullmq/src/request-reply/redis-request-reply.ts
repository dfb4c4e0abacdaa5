import { randomUUID } from 'node:crypto';
import { MillraceError } from '@millrace/contracts';
import type { CallOptions, RequestReply, Served, ServeOptions } from '@millrace/ports';
import { RedisHealth } from '../connection/redis-health.ts';
import { RedisLink } from '../connection/redis-link.ts';
import { defaults, type RedisOptions } from '../connection/redis-options.ts';
import { notConnected, unavailable } from '../connection/unavailable.ts';
import { callKeys, replyChannel } from './call-keys.ts';
import { CallScripts } from './call-scripts.ts';
import { CallSubscriber } from './call-subscriber.ts';
import { encode, fromErrorMessage, type LargeReply, type ReplyMessage } from './messages.ts';
import { OutgoingCall } from './outgoing-call.ts';
import { ServedMethod } from './served-method.ts';

/** Seconds after which a refused caller may try again. */
const retryAfter = 1;

/**
 * Calls between processes by way of Redis: a list for each lane of a method, from which whoever serves it takes
 * calls as slots become free, and the reply as a message to the caller's channel. A method that nobody serves is
 * known by its servers' announcements, which expire. While Redis is away calls fail once a command would have.
 */
export class RedisRequestReply implements RequestReply {
  private readonly options: Required<RedisOptions>;
  private readonly link: RedisLink;
  private readonly health: RedisHealth;
  private readonly scripts: CallScripts;
  private readonly subscriber: CallSubscriber;
  private readonly pending = new Map<string, OutgoingCall>();
  private readonly served = new Map<string, ServedMethod>();
  private readonly replyTo: string;

  /** Connects in the background. */
  constructor(options: RedisOptions) {
    this.options = { ...defaults, ...options };
    this.link = new RedisLink(this.options);
    this.health = new RedisHealth(this.link, this.options.onWarning);
    this.scripts = new CallScripts(this.link.commands);
    this.subscriber = new CallSubscriber(this.link, this.options.commandTimeoutMs, () => this.endAll());
    this.replyTo = replyChannel(this.options.prefix, randomUUID());
    this.subscriber.listen(this.replyTo, (message) => this.take(message));
  }

  async call(method: string, input: unknown, options: CallOptions): Promise<unknown> {
    if (this.link.closed) throw new MillraceError('shutting_down');
    if (options.signal?.aborted) throw new MillraceError('cancelled');
    if (options.deadline <= Date.now()) throw new MillraceError('deadline_exceeded');
    const { deadline, headers = {}, lane = 'interactive' } = options;
    const id = randomUUID();
    const message = encode({
      id,
      replyTo: this.replyTo,
      deadline,
      headers,
      input,
    });
    const keys = callKeys(this.options.prefix, method);
    const end = (givenUp: boolean): void => {
      this.pending.delete(id);
      if (givenUp) this.cancel(keys.lanes[lane], keys.cancelled, message, id);
    };
    const call = new OutgoingCall(options, () => this.reasonOfLate(), end);
    this.pending.set(id, call);
    void this.send(call, () => this.scripts.admit(keys, lane, message, deadline - Date.now()), method);
    return call.answer;
  }

  /** One handler per method and process: throws when there is one already. */
  async serve(method: string, options: ServeOptions): Promise<Served> {
    if (this.link.closed) throw new MillraceError('shutting_down');
    if (this.served.has(method)) throw new Error(`${method} is served already`);
    const keys = callKeys(this.options.prefix, method);
    const served = new ServedMethod(keys, this.link, this.scripts, options, {
      retryPauseMs: this.options.retryPauseMs,
      onClosed: () => {
        this.subscriber.leave(keys.cancelled);
        this.served.delete(method);
      },
    });
    this.served.set(method, served);
    this.subscriber.listen(keys.cancelled, (id) => served.cancel(id));
    await served.announced();
    return { close: () => served.close() };
  }

  /** Also false when Redis would drop keys to save memory: see `onWarning`. */
  async healthy(): Promise<boolean> {
    return (await this.health.healthy()) && (await this.subscriber.hears());
  }

  /** Waits for the calls that run here, for each at most until its deadline; those that left from here fail. */
  async close(): Promise<void> {
    for (const call of this.pending.values()) call.giveUp(new MillraceError('shutting_down'));
    await Promise.all([...this.served.values()].map((served) => served.close()));
    await this.link.close();
  }

  private async send(
    call: OutgoingCall,
    admit: () => ReturnType<CallScripts['admit']>,
    method: string,
  ): Promise<void> {
    try {
      const admission = await this.link.run(async () => {
        // Without ears the reply would be lost.
        if (!(await this.subscriber.hears())) throw notConnected();
        return call.ended ? 'waiting' : admit();
      });
      if (admission === 'full') call.reject(new MillraceError('queue_full', { retryAfter }));
      if (admission === 'nobody')
        call.reject(new MillraceError('dependency_unavailable', { detail: `nobody serves ${method}` }));
    } catch (error) {
      call.giveUp(unavailable(error));
    }
  }

  /** A deadline may be shorter than the time that a connection is waited for: then it is not the server who is late. */
  private reasonOfLate(): MillraceError {
    const isConnected = this.link.ready && this.subscriber.isHearing;
    return isConnected ? new MillraceError('deadline_exceeded') : notConnected();
  }

  /** Their replies went to nobody. */
  private endAll(): void {
    for (const call of this.pending.values()) call.giveUp(notConnected());
  }

  /** What still waits is taken back; who already works on it is told. */
  private cancel(list: string, channel: string, message: string, id: string): void {
    if (!this.link.ready) return;
    this.link
      .run((redis) => Promise.all([redis.lrem(list, 1, message), redis.publish(channel, id)]))
      .catch(() => undefined);
  }

  private take(message: string): void {
    const reply = JSON.parse(message) as ReplyMessage | LargeReply;
    const call = this.pending.get(reply.id);
    if ('key' in reply) void this.fetch(reply, call);
    else if ('error' in reply) call?.reject(fromErrorMessage(reply.error));
    else call?.resolve(reply.output);
  }

  private async fetch({ key }: LargeReply, call: OutgoingCall | undefined): Promise<void> {
    try {
      const message = await this.link.run((redis) => redis.getdel(key));
      if (message === null) throw unavailable(new Error('the reply is gone'));
      this.take(message);
    } catch (error) {
      call?.giveUp(unavailable(error));
    }
  }
}
