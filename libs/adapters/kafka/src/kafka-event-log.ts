import { MillraceError } from '@millrace/contracts';
import type { EventLog, NewRecord, Subscribed, Subscription, TopicLag } from '@millrace/ports';
import type { Kafka } from 'kafkajs';
import { maxBatchBytesOf, usualMaxBatchBytes } from './broker-limit.ts';
import { AdminCalls } from './connection/admin-calls.ts';
import { kafkaClient, patience } from './connection/kafka-client.ts';
import { protocolError } from './connection/kafka-error.ts';
import type { KafkaConnection } from './connection/kafka-options.ts';
import { OutageReporter } from './connection/outage-reporter.ts';
import { GroupSubscription } from './consume/group-subscription.ts';
import { lagOf, oldestWaitingAt } from './lag/group-lag.ts';
import { maxValueBytes, outgoing, batchHeadBytes, type OutgoingRecord } from './publish/outgoing-record.ts';
import { Publisher } from './publish/publisher.ts';
import { Sender } from './publish/sender.ts';
import { createTopics, lookUpTopic } from './topics/cluster-topics.ts';
import { clusterDefault } from './topics/kafka-topics.ts';
import { TopicDirectory } from './topics/topic-directory.ts';
import type { TopicWish } from './topics/topic-wish.ts';

export interface KafkaEventLogOptions extends KafkaConnection {
  /** Copies of each topic that is made. Default: the cluster's `default.replication.factor`. */
  readonly replicationFactor?: number;
  /** Milliseconds `publish` waits for its records to be confirmed. Default 10,000. */
  readonly publishMs?: number;
  /** Bytes that wait to be sent, beyond which `publish` is refused with `queue_full`. Default 64 MiB. */
  readonly maxWaitingBytes?: number;
  /**
   * Milliseconds without a sign of life after which the group gives a member's partitions to others. Brokers take 6,000
   * at the least unless told otherwise. Default 6,000.
   */
  readonly sessionMs?: number;
  /** Milliseconds that running handlers get to end when partitions move, while the group waits. Default 10,000. */
  readonly drainMs?: number;
  /** Milliseconds before records come again that a handler rejected; doubles up to 30,000. Default 500. */
  readonly redeliveryPauseMs?: number;
}

type Settled = Required<Omit<KafkaEventLogOptions, keyof KafkaConnection>> &
  KafkaConnection &
  Required<Pick<KafkaConnection, 'onError' | 'onWarning'>>;

const defaults = {
  replicationFactor: clusterDefault,
  publishMs: 10_000,
  maxWaitingBytes: 64 * 1024 * 1024,
  sessionMs: 6_000,
  drainMs: 10_000,
  redeliveryPauseMs: 500,
  onError: () => undefined,
  onWarning: () => undefined,
};

const openMs = 10_000;
const createMs = 30_000;
const lagMs = 10_000;
const healthMs = 1_500;

/** The event log on Kafka. What it promises beyond the port, and why it does things its own way, is in the README. */
export class KafkaEventLog implements EventLog {
  readonly limits: EventLog['limits'];
  private readonly consuming: Kafka;
  private readonly topics: TopicDirectory;
  private readonly publisher: Publisher;
  private readonly subscriptions = new Set<GroupSubscription>();
  private closed = false;

  private constructor(
    private readonly options: Settled,
    private readonly admin: AdminCalls,
    private readonly outages: OutageReporter,
    maxBatchBytes: number,
  ) {
    this.limits = { maxRecordBytes: maxValueBytes(maxBatchBytes) };
    this.consuming = kafkaClient(options, patience.consuming);
    this.topics = new TopicDirectory(admin, maxBatchBytes);
    const sender = new Sender(kafkaClient(options, patience.publishing));
    this.publisher = new Publisher(sender, outages, options);
  }

  /** Rejects with `dependency_unavailable` when no broker answers. */
  static async open(given: KafkaEventLogOptions): Promise<KafkaEventLog> {
    const options: Settled = { ...defaults, ...given };
    const admin = new AdminCalls(kafkaClient(options, patience.asking));
    try {
      const maxBatchBytes = await admin.run(limitOrUsual, openMs);
      return new KafkaEventLog(options, admin, new OutageReporter(options), maxBatchBytes);
    } catch (error) {
      await admin.close();
      throw error;
    }
  }

  async ensureTopics(topics: readonly TopicWish[]): Promise<void> {
    await this.ask(async (admin) => {
      const known = await Promise.all(topics.map(({ name }) => lookUpTopic(admin, name)));
      const missing = topics.filter((_, index) => !known[index]);
      await createTopics(admin, missing, this.options.replicationFactor);
    }, createMs);
  }

  async publish(records: readonly NewRecord[]): Promise<void> {
    if (this.closed) throw new MillraceError('shutting_down');
    if (records.length === 0) return;
    await this.publisher.publish(await this.addressed(records));
  }

  async subscribe(subscription: Subscription): Promise<Subscribed> {
    if (this.closed) throw new MillraceError('shutting_down');
    await Promise.all(subscription.topics.map((topic) => this.topics.find(topic)));
    const member = new GroupSubscription(this.consuming, subscription, this.outages, this.options);
    this.subscriptions.add(member);
    const close = async (): Promise<void> => {
      await member.close();
      this.subscriptions.delete(member);
    };
    try {
      await member.start();
      return { close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  lag(group: string, topics: readonly string[]): Promise<TopicLag[]> {
    return this.ask((admin) => lagOf(admin, group, topics), lagMs);
  }

  oldestWaitingAt(group: string, topics: readonly string[]): Promise<number | undefined> {
    return this.ask((admin) => oldestWaitingAt(admin, group, topics), lagMs);
  }

  /** False, too, while a topic is not there that this instance reads or has written to. */
  async healthy(): Promise<boolean> {
    try {
      const { controller } = await this.ask((admin) => admin.describeCluster(), healthMs);
      const there = new Set(await this.ask((admin) => admin.listTopics(), healthMs));
      return controller !== null && this.topics.names().every((name) => there.has(name));
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    await this.publisher.close();
    await this.admin.close();
  }

  private async ask<T>(call: Parameters<typeof this.admin.run<T>>[0], withinMs: number): Promise<T> {
    if (this.closed) throw new MillraceError('shutting_down');
    try {
      const answer = await this.admin.run(call, withinMs);
      this.outages.answered();
      return answer;
    } catch (error) {
      throw this.outages.refused(error);
    }
  }

  private async addressed(records: readonly NewRecord[]): Promise<OutgoingRecord[]> {
    const names = [...new Set(records.map(({ topic }) => topic))];
    const found = await Promise.all(names.map((name) => this.topics.find(name)));
    const topics = new Map(names.map((name, index) => [name, found[index]!]));
    return records.map((record) => this.checked(outgoing(record, topics.get(record.topic)!), record));
  }

  private checked(record: OutgoingRecord, { topic, value }: NewRecord): OutgoingRecord {
    const { maxRecordBytes } = this.limits;
    if (value.byteLength > maxRecordBytes)
      throw new MillraceError('body_too_large', {
        detail: `a record of ${topic} has over ${maxRecordBytes} bytes`,
      });
    if (batchHeadBytes + record.bytes > record.maxBatchBytes)
      throw new MillraceError('body_too_large', {
        detail: `a record of ${topic} has, with key and headers, over ${record.maxBatchBytes} bytes`,
      });
    return record;
  }
}

/** Who may not look at the brokers' settings goes by Kafka's own default. */
const limitOrUsual = (...[admin]: Parameters<typeof maxBatchBytesOf>): Promise<number> =>
  maxBatchBytesOf(admin).catch((error: unknown) => {
    if (protocolError(error) === 'CLUSTER_AUTHORIZATION_FAILED') return usualMaxBatchBytes;
    throw error;
  });
