import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TopicSpec } from '@millrace/ports';
import type { StoredRecord } from './event-log-calls.ts';

const msPerHour = 3_600_000;

/** What changes the event log's tables. */
export class LogWriter {
  private readonly insertTopic: StatementSync;
  private readonly insertPartition: StatementSync;
  private readonly reserve: StatementSync;
  private readonly insertRecord: StatementSync;
  private readonly savePosition: StatementSync;
  private readonly expired: StatementSync;
  private readonly deleteOldest: StatementSync;
  private readonly writeProbe: StatementSync;

  constructor(database: DatabaseSync) {
    this.insertTopic = database.prepare(
      'INSERT INTO topic (name, retention_ms) VALUES (?, ?) ON CONFLICT (name) DO NOTHING RETURNING id',
    );
    this.insertPartition = database.prepare('INSERT INTO partition (topic, number) VALUES (?, ?)');
    this.reserve = database.prepare(
      'UPDATE partition SET next_offset = next_offset + ? WHERE id = ? RETURNING next_offset',
    );
    this.insertRecord = database.prepare(
      'INSERT INTO record (partition, offset, timestamp, key, headers, value) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.savePosition = database.prepare(
      `INSERT INTO position (consumer_group, partition, offset) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET offset = excluded.offset`,
    );
    this.expired = database.prepare(
      `SELECT p.id, :now - t.retention_ms AS before FROM partition p JOIN topic t ON t.id = p.topic
       WHERE (SELECT timestamp FROM record WHERE partition = p.id ORDER BY offset LIMIT 1) < :now - t.retention_ms`,
    );
    this.deleteOldest = database.prepare(
      `DELETE FROM record WHERE partition = :partition AND timestamp < :before AND offset IN
       (SELECT offset FROM record WHERE partition = :partition ORDER BY offset LIMIT :limit)`,
    );
    this.writeProbe = database.prepare(
      'INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at',
    );
  }

  ensureTopics(topics: readonly TopicSpec[]): void {
    for (const { name, partitions, retentionHours } of topics) {
      const created = this.insertTopic.get(name, Math.round(retentionHours * msPerHour));
      for (let number = 0; created && number < partitions; number++)
        this.insertPartition.run(created['id'] ?? null, number);
    }
  }

  publish(records: readonly StoredRecord[], now: number): void {
    const next = this.reserveOffsets(records);
    for (const { partition, key, headers, value } of records) {
      const offset = next.get(partition) ?? 0;
      this.insertRecord.run(partition, offset, now, key, headers, value);
      next.set(partition, offset + 1);
    }
  }

  commit(group: string, partition: number, offset: number): void {
    this.savePosition.run(group, partition, offset);
  }

  purge(now: number, limit: number): number {
    let left = limit;
    for (const { id, before } of this.expired.all({ now })) {
      if (left <= 0) break;
      left -= Number(this.deleteOldest.run({ partition: id!, before: before!, limit: left }).changes);
    }
    return limit - left;
  }

  probe(now: number): void {
    this.writeProbe.run(now);
  }

  /** First free offset of each partition that the records go to; moves it behind them. */
  private reserveOffsets(records: readonly StoredRecord[]): Map<number, number> {
    const counts = new Map<number, number>();
    for (const { partition } of records) counts.set(partition, (counts.get(partition) ?? 0) + 1);
    for (const [partition, count] of counts) {
      const row = this.reserve.get(count, partition) as { next_offset: number };
      counts.set(partition, row.next_offset - count);
    }
    return counts;
  }
}
