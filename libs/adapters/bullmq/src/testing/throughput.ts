import { BullWorkQueue } from '../work-queue/bull-work-queue.ts';

/** Jobs a second through one queue and one process. Arguments: address of Redis, jobs (20,000). See the README. */
const [url, count = '20000'] = process.argv.slice(2) as [string, ...string[]];

const queue = new BullWorkQueue({ url, prefix: 'throughput' });
const jobs = Array.from({ length: Number(count) }, (_, n) => ({
  id: `acme/document-${n}@1/embed`,
  data: { tenant: 'acme', document: `document-${n}`, version: 1 },
}));

const adding = performance.now();
for (let from = 0; from < jobs.length; from += 64) await queue.enqueue('jobs', jobs.slice(from, from + 64));
report('enqueued, 64 at a time', adding);

const working = performance.now();
const all = Promise.withResolvers<void>();
let done = 0;
const handler = async (): Promise<void> => {
  if (++done === jobs.length) all.resolve();
};
const onFailure = async () => ({ action: 'discard' }) as const;
await queue.work('jobs', { concurrency: 16, leaseMs: 15_000, handler, onFailure });
await all.promise;
report('run, 16 at a time', working);
await queue.close();

function report(what: string, since: number): void {
  const perSecond = Math.round((1000 * jobs.length) / (performance.now() - since));
  console.log(what.padEnd(24), `${perSecond} jobs/s`);
}
