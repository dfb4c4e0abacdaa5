import { MillraceError } from '@millrace/contracts';
import type { EventLog, NewRecord, Subscribed, Subscription, TopicLag, TopicSpec } from '@millrace/ports';
import { SqliteThread } from '../thread/sqlite-thread.ts';
import { ConsumerGroup } from './consumer-group.ts';
import type { Partition, StoredRecord } from './event-log-calls.ts';
import { partitionOf } from './partition-hash.ts';

export interface EventLogOptions {
  /** The bundled `sqlite.worker.ts`. */
  readonly entry: URL;
  /** The database file; its folder is made when missing. One process at a time. */
  readonly file: string;
  /** Largest value of one record, in bytes. Default 1 MiB, as Kafka's. */
  readonly maxRecordBytes?: number;
  /** Milliseconds before records come again that a handler rejected. Default 500. */
  readonly redeliveryPauseMs?: number;
  /** Milliseconds between passes that delete what is past its retention. Default 60,000. */
  readonly purgeEveryMs?: number;
  /** Told of failures in the background, all of which are tried again. Default: nobody is. */
  readonly onError?: (error: unknown) => void;
}

const defaults = {
  maxRecordBytes: 1024 * 1024,
  redeliveryPauseMs: 500,
  purgeEveryMs: 60_000,
  onError: () => undefined,
};

/** Records deleted in one go, so that publishers hardly wait. */
const purgeBatch = 2_000;

/**
 * The event log in one SQLite file with one owning process. Consumer groups live in this process: their members
 * are woken by `publish`, nothing polls.
 */
export class SqliteEventLog implements EventLog {
  readonly limits: EventLog['limits'];
  private readonly topics = new Map<string, Partition[]>();
  private readonly groups = new Map<string, ConsumerGroup>();
  private purging: NodeJS.Timeout | undefined;

  private constructor(
    private readonly thread: SqliteThread,
    private readonly options: Required<Omit<EventLogOptions, 'entry' | 'file'>>,
  ) {
    this.limits = { maxRecordBytes: options.maxRecordBytes };
  }

  /** `thread` is for tests that end it as a crash would. Rejects when another process has the file. */
  static async open(
    { entry, file, ...options }: EventLogOptions,
    thread = new SqliteThread(entry, { module: 'event-log', file }),
  ): Promise<SqliteEventLog> {
    const log = new SqliteEventLog(thread, { ...defaults, ...options });
    try {
      log.remember(await thread.call<Partition[]>('partitions'));
    } catch (error) {
      await thread.close();
      throw error;
    }
    log.purgeIn(log.options.purgeEveryMs);
    return log;
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    this.remember(await this.thread.call<Partition[]>('ensureTopics', topics));
  }

  async publish(records: readonly NewRecord[]): Promise<void> {
    if (records.length === 0) return;
    const stored = records.map((record) => this.assign(record));
    const written = this.thread.call<void>('publish', stored, Date.now());
    // Their reads queue up right behind the write and are answered once it is committed.
    const partitions = new Set(stored.map(({ partition }) => partition));
    for (const group of this.groups.values()) group.wake(partitions);
    await written;
  }

  async subscribe(subscription: Subscription): Promise<Subscribed> {
    const partitions = subscription.topics.flatMap((topic) => this.partitionsOf(topic));
    const { group: name } = subscription;
    const group = this.groups.get(name) ?? new ConsumerGroup(name, this.thread, this.options);
    this.groups.set(name, group);
    const member = await group.join(subscription, partitions);
    const close = async (): Promise<void> => {
      await group.leave(member);
      if (group.empty && this.groups.get(name) === group) this.groups.delete(name);
    };
    return { close };
  }

  lag(group: string, topics: readonly string[]): Promise<TopicLag[]> {
    return this.thread.call('lag', group, topics);
  }

  oldestWaitingAt(group: string, topics: readonly string[]): Promise<number | undefined> {
    return this.thread.call('oldestWaitingAt', group, topics);
  }

  async healthy(): Promise<boolean> {
    return this.thread.call('probe', Date.now()).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    clearTimeout(this.purging);
    await Promise.all([...this.groups.values()].map((group) => group.close()));
    this.groups.clear();
    await this.thread.close();
  }

  private assign({ topic, key, value, headers = {} }: NewRecord): StoredRecord {
    const partitions = this.partitionsOf(topic);
    const { maxRecordBytes } = this.limits;
    if (value.byteLength > maxRecordBytes)
      throw new MillraceError('body_too_large', {
        detail: `a record of ${topic} has over ${maxRecordBytes} bytes`,
      });
    const { id } = partitions[partitionOf(key, partitions.length)]!;
    return { partition: id, key, headers: JSON.stringify(headers), value: alone(value) };
  }

  private partitionsOf(topic: string): readonly Partition[] {
    const partitions = this.topics.get(topic);
    if (!partitions) throw new MillraceError('internal', { detail: `there is no topic ${topic}` });
    return partitions;
  }

  private remember(partitions: readonly Partition[]): void {
    this.topics.clear();
    for (const partition of partitions) {
      const known = this.topics.get(partition.topic);
      if (known) known.push(partition);
      else this.topics.set(partition.topic, [partition]);
    }
  }

  private purgeIn(ms: number): void {
    this.purging = setTimeout(() => void this.purge(), ms).unref();
  }

  private async purge(): Promise<void> {
    try {
      const deleted = await this.thread.call<number>('purge', Date.now(), purgeBatch);
      this.purgeIn(deleted === purgeBatch ? 100 : this.options.purgeEveryMs);
    } catch (error) {
      if (this.thread.ended) return;
      this.options.onError(error);
      this.purgeIn(this.options.purgeEveryMs);
    }
  }
}

/** A clone to another thread takes the whole buffer along: of a small `Buffer`, a pool of 8 KiB. */
const alone = (value: Uint8Array): Uint8Array =>
  value.byteLength === value.buffer.byteLength ? value : new Uint8Array(value);
