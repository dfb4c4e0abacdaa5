import { GroupCommit } from '../thread/group-commit.ts';
import { openDatabase } from '../thread/open-database.ts';
import type { EventLogCalls } from './event-log-calls.ts';
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
    oldestWaitingAt: (group, topics) => reader.oldestWaitingAt(group, topics),
    purge: (now, limit) => writer.purge(now, limit),
    probe: (now) => writer.probe(now),
  };
  return new GroupCommit(database, { ...methods });
}
