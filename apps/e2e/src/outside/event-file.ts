import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What was published on a topic, out of the file of a standalone server that has ended. */
export function published(dataDir: string, topic: string): unknown[] {
  const database = new DatabaseSync(join(dataDir, 'events.sqlite'), { readOnly: true });
  try {
    const rows = database
      .prepare(
        `SELECT CAST(value AS TEXT) AS value FROM record JOIN partition ON partition.id = record.partition
         JOIN topic ON topic.id = partition.topic WHERE topic.name = ?`,
      )
      .all(topic);
    return rows.map(({ value }) => JSON.parse(value as string) as unknown);
  } finally {
    database.close();
  }
}
