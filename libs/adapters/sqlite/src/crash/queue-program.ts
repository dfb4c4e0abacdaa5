import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { SqliteWorkQueue } from '../work-queue/work-queue.ts';

/**
 * Enqueues and works until it is killed, and notes what was acknowledged and what was handled. Every seventh
 * job fails on its first attempt. Arguments: worker entry, database file, file for the notes, a name for this run.
 */
const [entry, file, notes, run] = process.argv.slice(2) as [string, string, string, string];
const note = (what: string, which: string): void => appendFileSync(notes, `${what} ${which}\n`);

const queue = await SqliteWorkQueue.open({ entry: new URL(entry), file });
await queue.work('crash', {
  concurrency: 4,
  leaseMs: 1_000,
  handler: async ({ id, attempt }) => {
    await pause(Math.random() * 3);
    if (attempt === 1 && Number(id.split(':')[1]) % 7 === 0) throw new Error('first attempt');
    note('handled', id);
  },
  onFailure: async () => ({ action: 'retry', delayMs: 5 }),
});
note('open', run);
for (let n = 0; ; n += 3) {
  const ids = [n, n + 1, n + 2].map((number) => `${run}:${number}`);
  await queue.enqueue(
    'crash',
    ids.map((id) => ({ id, data: { id } })),
  );
  for (const id of ids) note('acknowledged', id);
  await pause(1);
}
