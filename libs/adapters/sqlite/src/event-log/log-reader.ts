import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TopicLag } from '@millrace/ports';
import type { Fetched, FetchedRecord, FetchRequest, Partition } from './event-log-calls.ts';

/** What reads the event log's tables. */
export class LogReader {
  private readonly allPartitions: StatementSync;
  private readonly groupPositions: StatementSync;
  private readonly recordsFrom: StatementSync;
  private readonly partitionLag: StatementSync;

  constructor(database: DatabaseSync) {
    this.allPartitions = database.prepare(
      `SELECT p.id, t.name AS topic, p.number FROM partition p JOIN topic t ON t.id = p.topic ORDER BY p.id`,
    );
    this.groupPositions = database.prepare('SELECT partition, offset FROM position WHERE consumer_group = ?');
    this.recordsFrom = database.prepare(
      `SELECT offset, timestamp, key, headers, value FROM record
       WHERE partition = ? AND offset >= ? ORDER BY offset LIMIT ?`,
    );
    // The first record that is left and not committed: retention may have taken what lay before it.
    this.partitionLag = database.prepare(
      `SELECT p.next_offset - r.offset AS records, r.timestamp AS oldest_at
       FROM topic t JOIN partition p ON p.topic = t.id JOIN record r ON r.partition = p.id
       WHERE t.name = :topic AND r.offset = (
         SELECT offset FROM record WHERE partition = p.id AND offset >= coalesce(
           (SELECT offset FROM position WHERE consumer_group = :group AND partition = p.id), 0)
         ORDER BY offset LIMIT 1)`,
    );
  }

  partitions(): Partition[] {
    return this.allPartitions.all() as unknown as Partition[];
  }

  positions(group: string): [number, number][] {
    const rows = this.groupPositions.all(group) as { partition: number; offset: number }[];
    return rows.map(({ partition, offset }) => [partition, offset]);
  }

  fetch({ partition, from, maxRecords, maxBytes }: FetchRequest): Fetched {
    const records: FetchedRecord[] = [];
    let bytes = 0;
    for (const row of this.recordsFrom.iterate(partition, from, maxRecords + 1)) {
      const record = row as unknown as FetchedRecord;
      bytes += record.value.byteLength;
      if (records.length === maxRecords || (records.length > 0 && bytes > maxBytes))
        return { records, more: true };
      records.push(record);
    }
    return { records, more: false };
  }

  lag(group: string, topic: string): TopicLag {
    return { topic, records: this.behind(group, topic).reduce((sum, { records }) => sum + records, 0) };
  }

  oldestWaitingAt(group: string, topics: readonly string[]): number | undefined {
    const times = topics.flatMap((topic) => this.behind(group, topic).map(({ oldest_at: at }) => at));
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Its partitions of which the group has not committed all. */
  private behind(group: string, topic: string) {
    return this.partitionLag.all({ group, topic }) as { records: number; oldest_at: number }[];
  }
}
