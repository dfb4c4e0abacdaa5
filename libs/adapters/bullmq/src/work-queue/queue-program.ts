import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { BullWorkQueue } from './bull-work-queue.ts';

/**
 * Enqueues and works until it is killed, and notes what was acknowledged and what was handled. Every seventh
 * job fails on its first attempt. Arguments: address of Redis, file for the notes, a name for this run.
 */
const [url, notes, run] = process.argv.slice(2) as [string, string, string];
const note = (what: string, which: string): void => appendFileSync(notes, `${what} ${which}\n`);

const queue = new BullWorkQueue({ url, retryPauseMs: 20 });
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
for (let n = 0; ; n += 3) {
  const ids = [n, n + 1, n + 2].map((number) => `${run}:${number}`);
  await queue
    .enqueue(
      'crash',
      ids.map((id) => ({ id, data: { id } })),
    )
    .then(
      () => ids.forEach((id) => note('acknowledged', id)),
      () => pause(20),
    );
  await pause(1);
}
