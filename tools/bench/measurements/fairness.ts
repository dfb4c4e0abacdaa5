import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '../client.ts';
import { firstToken } from '../first-token.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { percentiles } from '../statistics.ts';
import { answerWeight, promptTokens, questionOf, TalkingModel } from '../talking-model.ts';

/**
 * In the order of arrival is how one tenant's own requests wait: the peer is the same server, asked with one key by all.
 * Solo, beside the greedy one and in order by turns: what else the machine does falls on all.
 */
export const fairness: Measurement = {
  name: 'fairness',
  summary:
    'one tenant asks for far more chats than there are places for: what nine others wait for their first word, and how evenly two greedy ones are served',
  run: async (context) => {
    const model = new TalkingModel();
    const env = {
      ...{ MILLRACE_LLM_BASE_URL: await model.listen(), MILLRACE_ADMIN_KEY: adminKey },
      ...{ MILLRACE_GENERATION_MAX_ANSWERS: String(places), MILLRACE_GENERATION_MAX_WAITING: '512' },
    };
    try {
      return await withServer({ env }, async ({ url }) => {
        const askers = await Askers.at(url, context);
        return [...(await firstWords(askers, context)), ...(await serviceGaps(askers, model, context))];
      });
    } finally {
      await model.close();
    }
  },
};

const adminKey = 'an-admin-key-for-one-measurement';
const places = 32;
/** As `AnswerQueue` has them. */
const spare = places / 8;
const normals = Array.from({ length: 9 }, (_, n) => `n${n}`);
/** Of an answer; those of one length that begin together would end together. */
const greedyTokens = { least: 20, most: 100 };
const normalTokens = 10;
const greedyCallers = 3 * places;
const settlingMs = 6_000;

/** Who asks, and with whose key. */
class Askers {
  /** Of the normal tenants. */
  failed = 0;

  private constructor(
    private readonly url: string,
    private readonly keys: ReadonlyMap<string, string>,
    private readonly stopped: AbortSignal,
  ) {}

  static async at(url: string, { signal }: BenchContext): Promise<Askers> {
    const admin = new Client(url, signal, adminKey);
    const keys = new Map<string, string>();
    for (const tenant of ['all', 'greedy', 'brief', ...normals]) {
      await admin.json('POST', '/v1/admin/tenants', { name: tenant });
      const wish = { tenant, name: tenant, rights: ['read'] };
      keys.set(tenant, (await admin.json<{ key: string }>('POST', '/v1/admin/keys', wish)).key);
    }
    return new Askers(url, keys, signal);
  }

  /** Milliseconds until the first word; reads the answer to its end. */
  ask(asker: string, tokens: number, keyOf = asker, until = this.stopped): Promise<number> {
    const headers = { authorization: `Bearer ${this.keys.get(keyOf)}` };
    return firstToken(`${this.url}/v1`, questionOf(asker, tokens), until, headers);
  }

  /** Asks again and again, many at once, while something else is done. */
  async besides<T>(loads: readonly Load[], act: () => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const until = AbortSignal.any([stop.signal, this.stopped]);
    const callers = loads.flatMap(({ asker, tokens, callers, keyOf }) =>
      Array.from({ length: callers }, async () => {
        while (!until.aborted) await this.ask(asker, tokens(), keyOf, until).catch(() => wait(100));
      }),
    );
    try {
      await wait(settlingMs, undefined, { signal: this.stopped });
      return await act();
    } finally {
      stop.abort();
      await Promise.all(callers);
    }
  }
}

interface Load {
  readonly asker: string;
  readonly tokens: () => number;
  readonly callers: number;
  readonly keyOf?: string | undefined;
}

const longAnswer = (): number => randomInt(greedyTokens.least, greedyTokens.most + 1);

/** Of all normal tenants, each of which asks for one thing at a time, with pauses. */
async function normalTimes(askers: Askers, questions: number, keyOf?: string): Promise<number[]> {
  const times = normals.map(async (asker) => {
    const own: number[] = [];
    for (let n = 0; n < questions; n++) {
      await wait(Math.random() * 2_000);
      await askers.ask(asker, normalTokens, keyOf).then(
        (ms) => own.push(ms),
        () => (askers.failed += 1),
      );
    }
    return own;
  });
  return (await Promise.all(times)).flat();
}

async function firstWords(askers: Askers, { quick, note }: BenchContext): Promise<Case[]> {
  const [solo, beside, inOrder]: [number[], number[], number[]] = [[], [], []];
  const questions = 12;
  const greedy = (keyOf?: string): Load[] => [
    { asker: 'greedy', tokens: longAnswer, callers: greedyCallers, keyOf },
  ];
  for (let round = 1; round <= (quick ? 1 : 4); round++) {
    note(`round ${round}: nine tenants alone`);
    solo.push(...(await normalTimes(askers, questions)));
    note(`round ${round}: beside a greedy one`);
    beside.push(...(await askers.besides(greedy(), () => normalTimes(askers, questions))));
    note(`round ${round}: the same in the order of arrival`);
    inOrder.push(...(await askers.besides(greedy('all'), () => normalTimes(askers, 4, 'all'))));
  }
  const [alone, fair, fifo] = [percentiles(solo), percentiles(beside), percentiles(inOrder)];
  const peer = (name: string, { p95 }: { p95: number }) => ({
    ...{ peer: name, peer_value: p95, ratio: fair.p95 / p95 },
  });
  const of = (figures: typeof fair) => ({ value: figures.p95, unit: 'ms', ...figures });
  return [
    withoutGoal({ case: 'first word of nine tenants alone, p95', ...of(alone) }),
    withGoal(
      { case: 'first word beside a greedy tenant, p95', ...of(fair), ...peer('alone', alone) },
      { sense: '<=', limit: 1.2 },
      'ratio',
    ),
    withoutGoal({ case: 'the same', ...of(fair), ...peer('in the order of arrival', fifo) }),
    withoutGoal({
      ...{ case: 'answered otherwise', value: askers.failed, unit: 'requests' },
      n: alone.n + fair.n + fifo.n + askers.failed,
    }),
  ];
}

/** Both have more to ask than there are places for, one of them six times as long answers. */
async function serviceGaps(
  askers: Askers,
  model: TalkingModel,
  { quick, note }: BenchContext,
): Promise<Case[]> {
  const lasts = quick ? 40_000 : 90_000;
  const loads = (keyOf?: string): Load[] => [
    { asker: 'greedy', tokens: longAnswer, callers: 2 * places, keyOf },
    { asker: 'brief', tokens: () => normalTokens, callers: 2 * places, keyOf },
  ];
  const gapOf = (keyOf?: string) => askers.besides(loads(keyOf), () => largestGap(model, lasts));
  note('two greedy tenants');
  const fair = await gapOf();
  note('two greedy tenants in the order of arrival');
  const fifo = await gapOf('all');
  const bound = 2 * (promptTokens + (places + spare) * answerWeight * greedyTokens.most);
  return [
    withGoal(
      {
        ...{ case: 'gap in service of two greedy tenants', value: fair, unit: 'tokens', n: lasts / 1_000 },
        ...{ peer: 'in the order of arrival', peer_value: fifo, ratio: fair / fifo },
      },
      { sense: '<=', limit: bound },
    ),
  ];
}

/** By how much one gets ahead of the other, as the language model served them. */
async function largestGap(model: TalkingModel, lastsMs: number): Promise<number> {
  let [least, most] = [Infinity, -Infinity];
  model.onServed = () => {
    const ahead = model.serviceOf('greedy') - model.serviceOf('brief');
    [least, most] = [Math.min(least, ahead), Math.max(most, ahead)];
  };
  await wait(lastsMs);
  model.onServed = () => undefined;
  return most - least;
}
