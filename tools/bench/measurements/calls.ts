import { once } from 'node:events';
import { BullWorkQueue } from '@millrace/adapters/bullmq';
import { engine, noEngine } from '@millrace/testing';
import { contenders, type ContenderName } from '../call-contenders.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { atPace } from '../pace.ts';
import { startRole } from '../roles.ts';
import { percentiles } from '../statistics.ts';

const url = engine('redis')?.url ?? '';
const callsASecond = 100;

type Spread = ReturnType<typeof percentiles>;

export const calls: Measurement = {
  name: 'calls',
  summary:
    'calls between two processes by way of Redis, against bare HTTP, HTTP behind the same port, and BullMQ; jobs a second through BullMQ',
  unavailable: () => (url ? undefined : noEngine('redis')),
  run: async (context) => [...(await latency(context)), ...(await jobs(context))],
};

/** One way of calling after the other, in rounds that alternate, so that a busy machine treats all alike. */
async function latency({ quick, note, signal }: BenchContext): Promise<Case[]> {
  const took: Record<ContenderName, number[]> = {
    http: [],
    httpBehindPort: [],
    requestReply: [],
    bullmq: [],
  };
  for (let round = 1; round <= 3; round++)
    for (const name of Object.keys(took) as ContenderName[]) {
      signal.throwIfAborted();
      note(`round ${round}: ${name}`);
      took[name].push(...(await measure(name, quick ? 3 : 10)));
    }
  const own = percentiles(took.requestReply);
  const [bare, port, bull] = [took.http, took.httpBehindPort, took.bullmq].map(percentiles) as [
    Spread,
    Spread,
    Spread,
  ];
  const figure = (
    name: string,
    share: 'p50' | 'p99',
    spread: Spread,
    [peer, of]: readonly [string, Spread],
  ) => ({
    ...{ case: `${name}, ${callsASecond} calls/s, ${share}`, value: spread[share], unit: 'ms', ...spread },
    ...{ peer, peer_value: of[share], ratio: spread[share] / of[share] },
  });
  const [bareHttp, httpBehindPort] = [
    ['bare HTTP', bare] as const,
    ['HTTP behind the same port', port] as const,
  ];
  return [
    ...[bareHttp, httpBehindPort].flatMap((peer) => [
      withGoal(figure('by way of Redis', 'p50', own, peer), { sense: '<=', limit: 3 }),
      withGoal(figure('by way of Redis', 'p99', own, peer), { sense: '<=', limit: 3 }, 'ratio'),
    ]),
    withoutGoal(figure('BullMQ with a published reply', 'p50', bull, httpBehindPort)),
    withoutGoal(figure('BullMQ with a published reply', 'p99', bull, httpBehindPort)),
  ];
}

async function measure(name: ContenderName, seconds: number): Promise<number[]> {
  const callee = startRole('callee', name, url);
  try {
    await once(callee, 'message');
    const caller = await contenders[name].connect(url);
    await atPace(callsASecond, callsASecond, caller.call);
    const took = await atPace(callsASecond * seconds, callsASecond, caller.call);
    await caller.close();
    return took;
  } finally {
    callee.kill('SIGKILL');
  }
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
