import { appendFileSync } from 'node:fs';
import { SqliteEventLog } from '../event-log/event-log.ts';

/**
 * Publishes and consumes until it is killed, and notes what was acknowledged and what its group handled.
 * Arguments: worker entry, database file, file for the notes, a name for this run.
 */
const [entry, file, notes, run] = process.argv.slice(2) as [string, string, string, string];
const note = (what: string, which: string): void => appendFileSync(notes, `${what} ${which}\n`);

const log = await SqliteEventLog.open({ entry: new URL(entry), file });
await log.ensureTopics([{ name: 'crash', partitions: 4, retentionHours: 1 }]);
await log.subscribe({
  group: 'group',
  topics: ['crash'],
  maxBatch: 5,
  handler: async (records) => {
    for (const { value } of records) note('handled', new TextDecoder().decode(value));
  },
});
note('open', run);
for (let n = 0; ; n += 3) {
  const values = [n, n + 1, n + 2].map((number) => `${run}:${number}`);
  await log.publish(
    values.map((value, index) => ({
      topic: 'crash',
      key: `key${index}`,
      value: new TextEncoder().encode(value),
    })),
  );
  for (const value of values) note('acknowledged', value);
}
