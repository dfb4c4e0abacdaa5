import type { TopicLag, TopicSpec } from '@millrace/ports';

/** A partition of a topic, as both sides of the thread know it. */
export interface Partition {
  readonly id: number;
  readonly topic: string;
  readonly number: number;
}

/** A record on its way to a partition; `headers` as JSON text. */
export interface StoredRecord {
  readonly partition: number;
  readonly key: string;
  readonly headers: string;
  readonly value: Uint8Array;
}

export interface FetchedRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string;
  readonly headers: string;
  readonly value: Uint8Array;
}

export interface FetchRequest {
  readonly partition: number;
  /** First offset wanted. */
  readonly from: number;
  readonly maxRecords: number;
  /** Bytes of values after which no further record is added. */
  readonly maxBytes: number;
}

export interface Fetched {
  readonly records: readonly FetchedRecord[];
  /** True when the partition has more records behind these. */
  readonly more: boolean;
}

/** The event log's methods on its own thread; times are epoch milliseconds. */
export interface EventLogCalls {
  ensureTopics(topics: readonly TopicSpec[]): Partition[];
  partitions(): Partition[];
  publish(records: readonly StoredRecord[], now: number): void;
  /** Next offset of the group by partition; absent where it has committed none. */
  positions(group: string): [partition: number, offset: number][];
  fetch(request: FetchRequest): Fetched;
  commit(group: string, partition: number, offset: number): void;
  lag(group: string, topics: readonly string[]): TopicLag[];
  oldestWaitingAt(group: string, topics: readonly string[]): number | undefined;
  /** Deletes up to `limit` records that are older than their topic keeps them. Returns how many went. */
  purge(now: number, limit: number): number;
  /** Writes and reads. */
  probe(now: number): void;
}
