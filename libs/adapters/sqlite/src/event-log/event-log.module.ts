import type { TopicLag, TopicSpec } from '@millrace/ports';
import { GroupCommit } from '../thread/group-commit.ts';
import { openDatabase } from '../thread/open-database.ts';
import { LogReader } from './log-reader.ts';
import { LogWriter } from './log-writer.ts';

const migrations = [
  `
  CREATE TABLE topic (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    retention_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE partition (
    id INTEGER PRIMARY KEY,
    topic INTEGER NOT NULL REFERENCES topic,
    number INTEGER NOT NULL,
    next_offset INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic, number)
  ) STRICT;
  CREATE TABLE record (
    partition INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    key TEXT NOT NULL,
    headers TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (partition, offset)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE position (
    consumer_group TEXT NOT NULL,
    partition INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    PRIMARY KEY (consumer_group, partition)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE probe (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
  `,
];

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
  /** Deletes up to `limit` records that are older than their topic keeps them. Returns how many went. */
  purge(now: number, limit: number): number;
  /** Writes and reads. */
  probe(now: number): void;
}

export function openEventLog(file: string): GroupCommit {
  const database = openDatabase(file, migrations);
  const reader = new LogReader(database);
  const writer = new LogWriter(database);
  const methods: EventLogCalls = {
    ensureTopics: (topics) => {
      writer.ensureTopics(topics);
      return reader.partitions();
    },
    partitions: () => reader.partitions(),
    publish: (records, now) => writer.publish(records, now),
    positions: (group) => reader.positions(group),
    fetch: (request) => reader.fetch(request),
    commit: (group, partition, offset) => writer.commit(group, partition, offset),
    lag: (group, topics) => topics.map((topic) => reader.lag(group, topic)),
    purge: (now, limit) => writer.purge(now, limit),
    probe: (now) => writer.probe(now),
  };
  return new GroupCommit(database, { ...methods });
}
