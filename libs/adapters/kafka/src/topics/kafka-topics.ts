import { AdminCalls } from '../connection/admin-calls.ts';
import { kafkaClient, patience } from '../connection/kafka-client.ts';
import type { KafkaConnection } from '../connection/kafka-options.ts';
import { addPartitions, alterSettings, createTopics, lookUpTopic } from './cluster-topics.ts';
import { differencesOf, type Difference } from './topic-drift.ts';
import type { TopicWish } from './topic-wish.ts';

export interface TopicReport {
  readonly name: string;
  /** `differs` is drift that was left alone; `changed` and `created` were done just now. */
  readonly state: 'as wished' | 'missing' | 'differs' | 'created' | 'changed';
  /** What is not as wished; of a `changed` one, what was not. */
  readonly differences: readonly Difference[];
}

/** What may be changed of topics that exist. Default: nothing. */
export interface Permissions {
  /** Retention and compaction. Shorter retention deletes records. */
  readonly settings?: boolean;
  /** More partitions: the records of a key may from then on lie in another one, beside those still unread. */
  readonly partitions?: boolean;
}

/** For everything about one topic, on a cluster that is busy. */
const answerMs = 15_000;

/** Compares topics with what is wished of them, and makes what is missing: for `millrace topics`. */
export class KafkaTopics {
  private readonly admin: AdminCalls;

  constructor(
    connection: KafkaConnection,
    private readonly replicationFactor = clusterDefault,
  ) {
    this.admin = new AdminCalls(kafkaClient(connection, patience.asking));
  }

  /** One report for each wish, in their order. Changes nothing. */
  async describe(wishes: readonly TopicWish[]): Promise<TopicReport[]> {
    const reports: TopicReport[] = [];
    for (const wish of wishes) reports.push(await this.describeOne(wish));
    return reports;
  }

  /**
   * Creates what is missing and changes what is permitted. The rest of the drift is reported: fewer partitions than there
   * are cannot be had at all.
   */
  async apply(wishes: readonly TopicWish[], may: Permissions = {}): Promise<TopicReport[]> {
    const reports: TopicReport[] = [];
    for (const wish of wishes) reports.push(await this.applyOne(wish, await this.describeOne(wish), may));
    return reports;
  }

  close(): Promise<void> {
    return this.admin.close();
  }

  private async describeOne(wish: TopicWish): Promise<TopicReport> {
    const { name } = wish;
    const actual = await this.admin.run((admin) => lookUpTopic(admin, name), answerMs);
    if (!actual) return { name, state: 'missing', differences: [] };
    const differences = differencesOf(wish, actual);
    return { name, state: differences.length === 0 ? 'as wished' : 'differs', differences };
  }

  private async applyOne(wish: TopicWish, report: TopicReport, may: Permissions): Promise<TopicReport> {
    if (report.state === 'missing') {
      await this.admin.run((admin) => createTopics(admin, [wish], this.replicationFactor), answerMs);
      return { ...report, state: 'created' };
    }
    const changeable = report.differences.filter((difference) => isPermitted(difference, may));
    if (changeable.length === 0) return report;
    if (changeable.some(isPartitions)) await this.admin.run((admin) => addPartitions(admin, wish), answerMs);
    if (!changeable.every(isPartitions))
      await this.admin.run((admin) => alterSettings(admin, wish), answerMs);
    const state = changeable.length === report.differences.length ? 'changed' : 'differs';
    return state === 'changed' ? { ...report, state } : this.describeOne(wish);
  }
}

/** The cluster's `default.replication.factor`. */
export const clusterDefault = -1;

const isPartitions = ({ what }: Difference): boolean => what === 'partitions';

const isPermitted = (difference: Difference, { settings, partitions }: Permissions): boolean =>
  isPartitions(difference)
    ? partitions === true && Number(difference.wanted) > Number(difference.actual)
    : settings === true;
