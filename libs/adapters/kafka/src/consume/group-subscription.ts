import { setTimeout as pause } from 'node:timers/promises';
import type { Subscribed, Subscription } from '@millrace/ports';
import type { Kafka } from 'kafkajs';
import { isSettingUp } from '../connection/kafka-error.ts';
import type { OutageReporter } from '../connection/outage-reporter.ts';
import { backoffMs } from './backoff.ts';
import { GroupMember, type GroupTimes } from './group-member.ts';
import { Lanes } from './lanes.ts';
import { Turns } from './turns.ts';

export interface SubscriptionOptions extends GroupTimes {
  readonly redeliveryPauseMs: number;
  readonly onError: (error: unknown) => void;
}

/** Batches one subscription works on at a time, each of another partition. */
const maxBatches = 16;
const rejoinPauseMs = 250;
/** How long a new subscription waits to be taken in; after that it goes on in the background. */
const joinMs = 3_000;

/** Keeps a membership of the group, one after the other, until it is closed. */
export class GroupSubscription implements Subscribed {
  private readonly lanes: Lanes;
  private readonly closing = new AbortController();
  private readonly ending = Promise.withResolvers<void>();
  private readonly firstOutcome = Promise.withResolvers<void>();
  private life: Promise<void> | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly subscription: Subscription,
    private readonly outages: OutageReporter,
    private readonly options: SubscriptionOptions,
  ) {
    const { redeliveryPauseMs, onError } = options;
    this.lanes = new Lanes({ subscription, redeliveryPauseMs, onError, turns: new Turns(maxBatches) });
    this.firstOutcome.promise.catch(() => undefined);
  }

  /** Resolves when the group has taken us in or lets us wait; rejects when it cannot be reached. */
  async start(): Promise<void> {
    this.life = this.live();
    const patience = new AbortController();
    const enough = pause(joinMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.firstOutcome.promise, enough]).finally(() => patience.abort());
  }

  close(): Promise<void> {
    return (this.closed ??= this.end());
  }

  private async end(): Promise<void> {
    await this.lanes.close();
    this.closing.abort();
    this.ending.resolve();
    await this.life;
  }

  private async live(): Promise<void> {
    for (let failures = 0; !this.closing.signal.aborted;) {
      const member = new GroupMember(this.kafka, this.subscription.group, this.lanes, this.options);
      const reason = await this.membership(member, () => (failures = 0));
      const settled = Promise.all([this.lanes.settle(this.options.drainMs), member.leave()]);
      if (!this.closing.signal.aborted) this.report(reason);
      await settled;
      if (this.closing.signal.aborted) return;
      await this.rest(++failures);
    }
  }

  /** Until it fails, with the reason, or is to end. */
  private async membership(member: GroupMember, onJoined: () => void): Promise<unknown> {
    void member.joined.then(() => {
      onJoined();
      this.outages.answered();
      this.firstOutcome.resolve();
    });
    void member.join(this.subscription.topics);
    return Promise.race([member.failed, this.ending.promise]);
  }

  private report(reason: unknown): void {
    const error = this.outages.failed(reason);
    if (!isSettingUp(reason)) this.firstOutcome.reject(error);
  }

  private async rest(failures: number): Promise<void> {
    const ms = Math.min(backoffMs(failures, rejoinPauseMs), 5_000);
    await pause(ms, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }
}
