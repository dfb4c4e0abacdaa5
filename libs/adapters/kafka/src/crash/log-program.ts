import { appendFileSync } from 'node:fs';
import { KafkaEventLog } from '../kafka-event-log.ts';

/**
 * Publishes and consumes until it is killed, and notes what was acknowledged and what its group handled.
 * Arguments: broker, topic, group, file for the notes, a name for this run.
 */
const [broker, topic, group, notes, run] = process.argv.slice(2) as [string, string, string, string, string];
const note = (what: string, which: string): void => appendFileSync(notes, `${what} ${which}\n`);

const log = await KafkaEventLog.open({ brokers: [broker], sessionMs: 1_500 });
await log.subscribe({
  group,
  topics: [topic],
  maxBatch: 5,
  handler: async (records) => {
    for (const { value } of records) note('handled', new TextDecoder().decode(value));
  },
});
note('open', run);
for (let n = 0; ; n += 3) {
  const values = [n, n + 1, n + 2].map((number) => `${run}:${number}`);
  await log.publish(
    values.map((value, index) => ({ topic, key: `key${index}`, value: new TextEncoder().encode(value) })),
  );
  for (const value of values) note('acknowledged', value);
}
