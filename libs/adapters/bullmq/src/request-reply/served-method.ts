import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { ServeOptions } from '@millrace/ports';
import type { Redis } from 'ioredis';
import type { RedisLink } from '../connection/redis-link.ts';
import type { CallKeys } from './call-keys.ts';
import { serverTtlMs, type CallScripts } from './call-scripts.ts';
import { IncomingRun } from './incoming-run.ts';
import { toErrorMessage, type CallMessage, type ReplyMessage } from './messages.ts';
import { sendReply } from './send-reply.ts';

export interface ServedMethodOptions {
  readonly retryPauseMs: number;
  readonly onClosed: () => void;
}

/** Seconds that Redis holds a take back; the connection is known to be alive at least that often. */
const takeSeconds = 2;
/** How long closing waits for the take under way. */
const stopMs = 1_000;
/** Free slots are told anew when they changed by this share of all: not with every call. */
const toldShare = 1 / 8;
/** Calls given up before they arrived here: they are few, and this many are remembered. */
const maxGivenUp = 1_000;

/** One method served by this process: takes calls while it has a slot free, interactive ones first. */
export class ServedMethod {
  private readonly id = randomUUID();
  private readonly stopKey: string;
  private readonly runs = new Map<string, IncomingRun>();
  private readonly givenUp = new Set<string>();
  private readonly taker: Redis;
  private readonly heartbeat: NodeJS.Timeout;
  private readonly stopOnReady: () => void;
  private readonly loop: Promise<void>;
  private slotFree = Promise.withResolvers<void>();
  private announcing: Promise<void> | undefined;
  private announceAgain = false;
  private announcedRoom = 0;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly keys: CallKeys,
    private readonly link: RedisLink,
    private readonly scripts: CallScripts,
    private readonly served: ServeOptions,
    private readonly options: ServedMethodOptions,
  ) {
    this.stopKey = `${keys.servers}:${this.id}:stop`;
    this.taker = link.openBlocking();
    this.heartbeat = setInterval(() => this.announce(), serverTtlMs / 3).unref();
    this.stopOnReady = link.onReady(() => this.announce());
    this.loop = this.takeCalls();
  }

  /** Resolves when callers know of it; while Redis is away they come to know when it is back. */
  async announced(): Promise<void> {
    this.announcedRoom = this.room;
    await this.link
      .run(() => this.scripts.announce(this.keys, this.id, this.announcedRoom))
      .catch((error: unknown) => this.link.tell(error));
  }

  cancel(id: string): void {
    const run = this.runs.get(id);
    if (run) return run.abort(new MillraceError('cancelled'));
    if (this.givenUp.size >= maxGivenUp) this.givenUp.clear();
    this.givenUp.add(id);
  }

  /** Refuses what waits for nobody else, and waits for what runs: for each call at most until its deadline. */
  close(): Promise<void> {
    this.closing ??= this.stop();
    return this.closing;
  }

  private async stop(): Promise<void> {
    clearInterval(this.heartbeat);
    this.stopOnReady();
    this.slotFree.resolve();
    if (this.link.ready) await this.retire().catch((error: unknown) => this.link.tell(error));
    await Promise.race([this.loop, pause(stopMs, undefined, { ref: false })]);
    this.link.drop(this.taker);
    await Promise.all([...this.runs.values()].map((run) => run.over));
    this.options.onClosed();
  }

  private async retire(): Promise<void> {
    await this.announcing;
    const left = await this.link.run(async (redis) => {
      const [calls] = await Promise.all([
        this.scripts.retire(this.keys, this.id),
        redis.rpush(this.stopKey, 'stop'),
        redis.pexpire(this.stopKey, serverTtlMs),
      ]);
      return calls;
    });
    for (const call of left) this.refuse(JSON.parse(call) as CallMessage);
  }

  /** Calls that may wait: a free slot takes one at once. */
  private get room(): number {
    return this.served.maxWaiting + Math.max(0, this.served.concurrency - this.runs.size);
  }

  private async takeCalls(): Promise<void> {
    while (!this.closing)
      try {
        await this.untilSlotFree();
        if (this.taker.status === 'ready') await this.takeOne();
        else await pause(this.options.retryPauseMs / 10);
      } catch (error) {
        if (this.closing) return;
        this.link.tell(error);
        await pause(this.options.retryPauseMs);
      }
  }

  private async untilSlotFree(): Promise<void> {
    while (!this.closing && this.runs.size >= this.served.concurrency) {
      this.slotFree = Promise.withResolvers();
      await this.slotFree.promise;
    }
  }

  private async takeOne(): Promise<void> {
    if (this.closing) return;
    const { interactive, bulk } = this.keys.lanes;
    const taken = await this.taker.blpop(this.stopKey, interactive, bulk, takeSeconds);
    if (!taken || taken[0] === this.stopKey) return;
    // One taken as this process begins to leave is its to serve: the others never saw it.
    const call = JSON.parse(taken[1]) as CallMessage;
    if (!this.givenUp.delete(call.id) && call.deadline > Date.now()) this.begin(call);
  }

  private begin(call: CallMessage): void {
    const run = new IncomingRun(call, this.served.handler, (reply) => this.reply(call, reply));
    this.runs.set(call.id, run);
    this.announceChange();
    void run.done.then(() => {
      this.runs.delete(call.id);
      this.slotFree.resolve();
      this.announceChange();
    });
  }

  private refuse(call: CallMessage): void {
    this.reply(call, { id: call.id, error: toErrorMessage(new MillraceError('shutting_down')) });
  }

  private reply({ id, replyTo }: CallMessage, reply: ReplyMessage): void {
    this.link
      .run((redis) => sendReply(redis, replyTo, id, reply))
      .catch((error: unknown) => this.link.tell(error));
  }

  private announceChange(): void {
    const changed = Math.abs(this.room - this.announcedRoom);
    if (changed > 0 && changed >= this.served.concurrency * toldShare) this.announce();
  }

  /** One announcement is under way at a time; what changes meanwhile goes with the next. */
  private announce(): void {
    if (this.closing || !this.link.ready) return;
    if (this.announcing) return void (this.announceAgain = true);
    this.announceAgain = false;
    this.announcedRoom = this.room;
    this.announcing = this.link
      .run(() => this.scripts.announce(this.keys, this.id, this.announcedRoom))
      .then(
        () => undefined,
        (error: unknown) => this.link.tell(error),
      )
      .finally(() => {
        this.announcing = undefined;
        if (this.announceAgain) this.announce();
      });
  }
}
