/**
 * A durable, partitioned log of records with consumer groups. Kafka's model, in as many words as Millrace uses.
 *
 * Promises: `publish` resolves when the records are durable; every group sees every record at least once;
 * records of one key stay in order; a group's offset moves only after its handler resolved; a killed consumer's
 * uncommitted records are seen again by the group.
 * Left out: transactions, exactly-once, seeking, regex subscriptions, compaction reads.
 */
export interface EventLog {
  readonly limits: { readonly maxRecordBytes: number };

  /** Creates topics that are missing; never changes existing ones. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;

  /** All records or an error; after an error some may be there. Unknown topics are refused. */
  publish(records: readonly NewRecord[]): Promise<void>;

  /**
   * Joins a group. The handler gets records of one partition in order, up to `maxBatch` at a time; when it rejects,
   * the same records come again after a pause. A new group starts at the earliest record.
   */
  subscribe(subscription: Subscription): Promise<Subscribed>;

  /** Records not yet committed by the group, by topic. */
  lag(group: string, topics: readonly string[]): Promise<TopicLag[]>;

  /**
   * Epoch milliseconds of the oldest record not yet committed by the group; undefined when there is none. Asked seldom:
   * some engines have to search for it.
   */
  oldestWaitingAt(group: string, topics: readonly string[]): Promise<number | undefined>;

  /** True when records can be written and read now. */
  healthy(): Promise<boolean>;

  close(): Promise<void>;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly retentionHours: number;
}

export interface NewRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a record stands in its topic. */
export interface LogPlace {
  readonly partition: number;
  readonly offset: number;
  /** Of the record, epoch ms: in a topic that was made anew offsets begin again. */
  readonly timestamp: number;
}

export interface LogRecord extends NewRecord {
  readonly headers: Readonly<Record<string, string>>;
  readonly partition: number;
  /** Counts up within the partition. */
  readonly offset: number;
  /** Epoch milliseconds of the publish. */
  readonly timestamp: number;
}

export interface Subscription {
  readonly group: string;
  readonly topics: readonly string[];
  readonly maxBatch: number;
  /** `signal` aborts when the subscription is being closed. */
  readonly handler: (records: readonly LogRecord[], signal: AbortSignal) => Promise<void>;
}

export interface Subscribed {
  /** Takes no more records, waits for the running handler, leaves the group. */
  close(): Promise<void>;
}

export interface TopicLag {
  readonly topic: string;
  readonly records: number;
}
