import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { contenders, type Contender } from './latency-contenders.ts';

/**
 * Measures calls between two processes, one way of calling after the other, in rounds that alternate. Arguments:
 * address of Redis, calls a second (100), seconds a round (10), rounds (3). The README says how to run it.
 */
const [url, rate = '100', seconds = '10', rounds = '3', served] = process.argv.slice(2) as [
  string,
  ...string[],
];

if (served) await serve(served);
else await measureAll();

async function serve(name: string): Promise<void> {
  await contenders[name]!.serve(url);
  process.send?.('serving');
}

async function measureAll(): Promise<void> {
  const took = new Map<string, number[]>();
  for (let round = 0; round < Number(rounds); round++)
    for (const [name, contender] of Object.entries(contenders)) {
      const all = took.get(name) ?? [];
      all.push(...(await measure(name, contender)));
      took.set(name, all);
    }
  for (const [name, all] of took) console.log(name.padEnd(24), report(all));
}

async function measure(name: string, contender: Contender): Promise<number[]> {
  const server = fork(fileURLToPath(import.meta.url), [url, rate, seconds, rounds, name]);
  await once(server, 'message');
  const caller = await contender.connect(url);
  await load(caller.call, Number(rate));
  const took = await load(caller.call, Number(rate) * Number(seconds));
  await caller.close();
  server.kill('SIGKILL');
  await once(server, 'exit');
  return took;
}

/** Calls at a steady rate, whether or not earlier ones are answered. */
async function load(call: () => Promise<unknown>, calls: number): Promise<number[]> {
  const start = performance.now();
  const answers: Promise<number>[] = [];
  for (let n = 0; n < calls; n++) {
    const ahead = start + (n * 1000) / Number(rate) - performance.now();
    if (ahead > 0) await pause(ahead);
    const before = performance.now();
    answers.push(call().then(() => performance.now() - before));
  }
  return Promise.all(answers);
}

function report(all: number[]): string {
  const sorted = all.sort((one, other) => one - other);
  const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(2);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, ${sorted.length} calls`;
}
