import { once } from 'node:events';
import { treeMegabytes, treeProcessorMs } from '@millrace/testing';
import { Client } from '../client.ts';
import { examplePages } from '../example-pages.ts';
import { firstToken } from '../first-token.ts';
import { gatewayPeers, lackingPeers, type Gateway } from '../gateway-peers.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { startRole } from '../roles.ts';
import { withServer } from '../server.ts';
import { percentile, percentiles } from '../statistics.ts';
import { noTimes, sustain, type StreamTimes } from '../stream-load.ts';

export const gateway: Measurement = {
  name: 'gateway',
  summary:
    'what is added to streams of a paced model, with moderation: first token, gaps, stalls, processor time; beside other gateways',
  run: async (context) => {
    const model = startRole('paced-model');
    const opened: Gateway[] = [];
    try {
      const [port] = (await once(model, 'message')) as [number];
      const direct = `http://127.0.0.1:${port}/v1`;
      for (const lack of lackingPeers()) context.note(`NOT RUN: ${lack}`);
      context.note('starting the peers');
      opened.push(...(await gatewayPeers(direct, plain)));
      const env = { MILLRACE_LLM_BASE_URL: direct, MILLRACE_LLM_MODEL: 'paced' };
      return await withServer({ env }, async ({ url, pid }) => {
        const own = { name: 'Millrace', base: `${url}/v1`, body: unretrieved, pid, close: noop };
        const contenders = [{ name: 'direct', base: direct, close: noop }, own, ...opened];
        return [
          ...(await atOnce(direct, own, context)),
          ...(await new Comparison(contenders, context).cases()),
          ...(await withDocuments(direct, url, context)),
        ];
      });
    } finally {
      for (const each of opened) await each.close();
      model.kill();
    }
  },
};

const noop = (): Promise<void> => Promise.resolve();
const plain = { model: 'paced', messages: [{ role: 'user', content: 'How do I erase a document?' }] };
const unretrieved = { ...plain, millrace: { retrieval: false } };

/** Streams under way at any time, and how many rounds of them. */
const loads = [
  { streams: 1, rounds: 40 },
  { streams: 10, rounds: 15 },
  { streams: 50, rounds: 10 },
  { streams: 200, rounds: 6 },
];
/** How many streams are tried, until one stalls; for so many rounds each. */
const ladder = [12, 25, 50, 100, 200, 300, 400, 500, 600, 800, 1_000];
const ladderRounds = 4;
/** A gap that a reader sees, in ms. */
const stallMs = 200;
/** Until the first token. */
const overloadedMs = 1_000;

interface Spent {
  readonly times: StreamTimes;
  readonly processorMs: number;
  readonly megabytes: number;
}

/** Each contender under the same loads, in turns. */
class Comparison {
  private readonly overloaded = new Set<Gateway>();

  constructor(
    private readonly contenders: readonly Gateway[],
    private readonly context: BenchContext,
  ) {}

  async cases(): Promise<Case[]> {
    const cases: Case[] = [];
    for (const contender of this.contenders) await this.under(contender, 50, 4, 'warming up');
    for (const { streams, rounds } of loads) {
      const spent = new Map<Gateway, Spent>();
      // One that is overloaded already would take minutes, and say nothing new.
      for (const contender of this.contenders.filter((each) => !this.overloaded.has(each)))
        spent.set(
          contender,
          await this.under(contender, streams, this.context.quick ? Math.ceil(rounds / 5) : rounds),
        );
      cases.push(...compared(streams, spent));
      for (const [contender, { times }] of spent)
        if (contender.pid !== undefined && percentile(times.first, 0.5) > overloadedMs)
          this.overloaded.add(contender);
    }
    for (const contender of this.contenders) cases.push(await this.most(contender));
    return cases;
  }

  private async under(contender: Gateway, streams: number, rounds: number, why = ''): Promise<Spent> {
    const { name, base, body = plain, headers, pid } = contender;
    this.context.note(`${name}: ${streams} streams${why && `, ${why}`}`);
    const before = pid === undefined ? 0 : treeProcessorMs(pid);
    const load = { base, body, streams, rounds, signal: this.context.signal, ...(headers && { headers }) };
    const times = await sustain(load, noTimes());
    const processorMs = pid === undefined ? 0 : treeProcessorMs(pid) - before;
    return { times, processorMs, megabytes: pid === undefined ? 0 : treeMegabytes(pid) };
  }

  /** The highest number of streams of which none stalled or lost anything. */
  private async most(contender: Gateway): Promise<Case> {
    let held = 0;
    const rungs = this.context.quick ? ladder.filter((rung) => rung >= 50 && rung <= 400) : ladder;
    for (const streams of rungs) {
      const { times } = await this.under(contender, streams, ladderRounds, 'until one stalls');
      if (stalls(times)) break;
      held = streams;
    }
    const figure = {
      case: `${contender.name}: most streams without a stall`,
      value: held,
      unit: 'streams',
      n: 1,
    };
    return contender.name === 'Millrace'
      ? withGoal(figure, { sense: '>=', limit: 400 })
      : withoutGoal(figure);
  }
}

const stalls = ({ gaps, flawed }: StreamTimes): boolean => flawed > 0 || gaps.some((gap) => gap > stallMs);

function compared(streams: number, spent: ReadonlyMap<Gateway, Spent>): Case[] {
  const direct = [...spent].find(([{ pid }]) => pid === undefined)![1].times;
  return [...spent].flatMap(([{ name, pid }, each]) => [
    ...(pid === undefined ? [] : firstTokens(`${name}, ${streams} streams`, direct, each.times, name)),
    gapsOf(`${name}, ${streams} streams`, each.times),
    ...(pid === undefined ? [] : costs(`${name}, ${streams} streams`, each, name === 'Millrace')),
  ]);
}

function firstTokens(of: string, direct: StreamTimes, times: StreamTimes, name: string): Case[] {
  const { p99, ...figure } = added(`${of}: first token added`, direct.first, times.first);
  const isBound = name === 'Millrace' && / 50 /.test(of);
  const atWorst = { ...figure, case: `${of}: first token added, p99`, value: p99 };
  if (isBound)
    return [
      withGoal({ ...figure, p99 }, { sense: '<=', limit: 3 }),
      withGoal(atWorst, { sense: '<=', limit: 12 }),
    ];
  return [withoutGoal({ ...figure, p99 })];
}

function gapsOf(of: string, { gaps, whole, flawed, flaw }: StreamTimes): Case {
  const spread = percentiles(gaps);
  const flaws = flawed === 0 ? '' : ` (${flawed} of ${whole + flawed} streams flawed: ${flaw})`;
  return withoutGoal({ case: `${of}: between frames${flaws}`, value: spread.p50, unit: 'ms', ...spread });
}

function costs(of: string, { times, processorMs, megabytes }: Spent, isOwn: boolean): Case[] {
  const n = times.whole + times.flawed;
  const processor = { case: `${of}: processor time a stream`, value: processorMs / n, unit: 'ms', n };
  return [
    isOwn && / 50 /.test(of) ? withGoal(processor, { sense: '<=', limit: 7 }) : withoutGoal(processor),
    withoutGoal({ case: `${of}: memory of all its processes`, value: megabytes, unit: 'MB', n: 1 }),
  ];
}

/** Before anything is compiled, and for callers that come in the same moment. */
async function atOnce(direct: string, own: Gateway, context: BenchContext): Promise<Case[]> {
  const [straight, through] = [ask(direct, plain, context), ask(own.base, unretrieved, context)];
  const cold = await alternate(straight, through, 1, context.quick ? 5 : 20);
  for (let round = 0; round < 8; round++) await together(through, 50);
  const crowd = await alternate(straight, through, 50, context.quick ? 2 : 6);
  return [
    withoutGoal(added('Millrace, just started: first token added', cold.direct, cold.through)),
    withoutGoal(added('Millrace, 50 beginning at once: first token added', crowd.direct, crowd.through)),
  ];
}

async function withDocuments(direct: string, url: string, context: BenchContext): Promise<Case[]> {
  const client = new Client(url, context.signal);
  await client.putAll(await examplePages());
  await client.settled();
  context.note('with retrieval');
  const [straight, through] = [ask(direct, plain, context), ask(`${url}/v1`, plain, context)];
  const times = await alternate(straight, through, 1, context.quick ? 5 : 30);
  return [withoutGoal(added('Millrace, with retrieval: first token added', times.direct, times.through))];
}

const ask =
  (base: string, body: object, { signal }: BenchContext) =>
  () =>
    firstToken(base, body, signal);

/** Rounds of both in turn, so that whatever else the machine does falls on both. */
async function alternate(
  direct: () => Promise<number>,
  through: () => Promise<number>,
  streams: number,
  rounds: number,
): Promise<{ readonly direct: number[]; readonly through: number[] }> {
  const times = { direct: [] as number[], through: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.direct.push(...(await together(direct, streams)));
    times.through.push(...(await together(through, streams)));
  }
  return times;
}

const together = (one: () => Promise<number>, streams: number): Promise<number[]> =>
  Promise.all(Array.from({ length: streams }, one));

/** The difference of the medians; the percentiles are those of what was added to the median of the direct requests. */
function added(name: string, direct: readonly number[], through: readonly number[]) {
  const base = percentile(direct, 0.5);
  const spread = percentiles(through.map((time) => time - base));
  return {
    ...{ case: name, value: spread.p50, unit: 'ms', ...spread },
    ...{ peer: 'direct first token', peer_value: base },
  };
}
