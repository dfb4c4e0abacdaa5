import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { BullWorkQueue } from '@millrace/adapters/bullmq';
import { engine, noEngine } from '@millrace/testing';
import { contenders, type ContenderName } from '../call-contenders.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { startRole } from '../roles.ts';
import { percentiles } from '../statistics.ts';

const url = engine('redis')?.url ?? '';
const callsASecond = 100;

export const calls: Measurement = {
  name: 'calls',
  summary:
    'calls between two processes by way of Redis, against bare HTTP and BullMQ; jobs a second through BullMQ',
  unavailable: () => (url ? undefined : noEngine('redis')),
  run: async (context) => [...(await latency(context)), ...(await jobs(context))],
};

/** One way of calling after the other, in rounds that alternate, so that a busy machine treats all alike. */
async function latency({ quick, note, signal }: BenchContext): Promise<Case[]> {
  const took: Record<ContenderName, number[]> = { http: [], requestReply: [], bullmq: [] };
  for (let round = 1; round <= 3; round++)
    for (const name of Object.keys(took) as ContenderName[]) {
      signal.throwIfAborted();
      note(`round ${round}: ${name}`);
      took[name].push(...(await measure(name, quick ? 3 : 10)));
    }
  const [http, own, bull] = [took.http, took.requestReply, took.bullmq].map(percentiles);
  const figure = (name: string, share: 'p50' | 'p99', spread: typeof own & object) => ({
    ...{ case: `${name}, ${callsASecond} calls/s, ${share}`, value: spread[share], unit: 'ms', ...spread },
    ...{ peer: 'bare HTTP', peer_value: http![share], ratio: spread[share] / http![share] },
  });
  return [
    withGoal(figure('by way of Redis', 'p50', own!), { sense: '<=', limit: 3 }),
    withGoal(figure('by way of Redis', 'p99', own!), { sense: '<=', limit: 3 }, 'ratio'),
    withoutGoal(figure('BullMQ with a published reply', 'p50', bull!)),
    withoutGoal(figure('BullMQ with a published reply', 'p99', bull!)),
  ];
}

async function measure(name: ContenderName, seconds: number): Promise<number[]> {
  const callee = startRole('callee', name, url);
  try {
    await once(callee, 'message');
    const caller = await contenders[name].connect(url);
    await load(caller.call, callsASecond);
    const took = await load(caller.call, callsASecond * seconds);
    await caller.close();
    return took;
  } finally {
    callee.kill('SIGKILL');
  }
}

/** Calls at a steady rate, whether or not earlier ones are answered: how long each took, ms. */
async function load(call: () => Promise<unknown>, count: number): Promise<number[]> {
  const start = performance.now();
  const answers: Promise<number>[] = [];
  for (let n = 0; n < count; n++) {
    const ahead = start + (n * 1000) / callsASecond - performance.now();
    if (ahead > 0) await pause(ahead);
    const before = performance.now();
    answers.push(call().then(() => performance.now() - before));
  }
  return Promise.all(answers);
}

/** Empty jobs through one queue and one process. */
async function jobs({ quick, note }: BenchContext): Promise<Case[]> {
  const count = quick ? 4_000 : 20_000;
  note(`${count} jobs`);
  const queue = new BullWorkQueue({ url, prefix: 'bench-jobs' });
  const all = Array.from({ length: count }, (_, n) => ({
    id: `acme/document-${n}@1/embed`,
    data: { tenant: 'acme', document: `document-${n}`, version: 1 },
  }));
  const atOnce = 64;
  const enqueued = await rate(count, async () => {
    for (let from = 0; from < count; from += atOnce)
      await queue.enqueue('jobs', all.slice(from, from + atOnce));
  });
  const run = await rate(count, async () => {
    const ended = Promise.withResolvers<void>();
    let done = 0;
    const handler = async (): Promise<void> => void (++done === count && ended.resolve());
    const onFailure = async () => ({ action: 'discard' }) as const;
    await queue.work('jobs', { concurrency: 16, leaseMs: 15_000, handler, onFailure });
    await ended.promise;
  });
  await queue.close();
  return [
    withoutGoal({ case: `jobs enqueued, ${atOnce} at a time`, value: enqueued, unit: 'jobs/s', n: count }),
    withoutGoal({ case: 'jobs run, 16 at a time', value: run, unit: 'jobs/s', n: count }),
  ];
}

async function rate(count: number, act: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await act();
  return (1000 * count) / (performance.now() - began);
}
