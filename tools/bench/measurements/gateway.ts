import { once } from 'node:events';
import { Client } from '../client.ts';
import { examplePages } from '../example-pages.ts';
import { firstToken } from '../first-token.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { startRole } from '../roles.ts';
import { withServer } from '../server.ts';
import { percentile, percentiles } from '../statistics.ts';

export const gateway: Measurement = {
  name: 'gateway',
  summary: 'added time to first token in front of a paced model, against asking the model directly',
  run: async (context) => {
    const model = startRole('paced-model');
    try {
      const [port] = (await once(model, 'message')) as [number];
      const direct = `http://127.0.0.1:${port}/v1`;
      const env = { MILLRACE_LLM_BASE_URL: direct, MILLRACE_LLM_MODEL: 'paced' };
      return await withServer({ env }, ({ url }) => compare(direct, url, context));
    } finally {
      model.kill();
    }
  },
};

/** Requests before it is measured. */
const warmUp = { streams: 50, rounds: 10 };

/** Streams at a time, and how many rounds of them. */
const loads = [
  { streams: 1, rounds: 100 },
  { streams: 50, rounds: 6 },
  { streams: 200, rounds: 3 },
];

async function compare(direct: string, url: string, context: BenchContext): Promise<Case[]> {
  const ask = (base: string, retrieval: boolean) => () =>
    firstToken(base, question(retrieval), context.signal);
  const through = ask(`${url}/v1`, false);
  context.note('just started');
  const cold = await alternate(ask(direct, false), through, 1, context.quick ? 10 : 30);
  const cases = [withoutGoal(added('1 at a time, just started, first token added', cold))];
  // From here on as it is in a service that has been up for some minutes: compiled.
  context.note('warming up');
  for (let round = 0; round < warmUp.rounds; round++) await together(through, warmUp.streams);
  for (const { streams, rounds } of context.quick ? loads.slice(0, 2) : loads) {
    context.note(`${streams} at a time`);
    const times = await alternate(
      ask(direct, false),
      through,
      streams,
      context.quick ? Math.ceil(rounds / 5) : rounds,
    );
    const figure = added(`${streams} at a time, first token added`, times);
    cases.push(streams === 1 ? withGoal(figure, { sense: '<=', limit: 3 }) : withoutGoal(figure));
  }
  await new Client(url, context.signal).putAll(await examplePages());
  await new Client(url, context.signal).settled();
  context.note('with retrieval');
  const retrieved = await alternate(ask(direct, false), ask(`${url}/v1`, true), 1, context.quick ? 10 : 50);
  return [...cases, withoutGoal(added('1 at a time, with retrieval, first token added', retrieved))];
}

interface Times {
  readonly direct: number[];
  readonly through: number[];
}

/** Rounds of both in turn, so that whatever else the machine does falls on both. */
async function alternate(
  direct: () => Promise<number>,
  through: () => Promise<number>,
  streams: number,
  rounds: number,
): Promise<Times> {
  const times: Times = { direct: [], through: [] };
  for (let round = 0; round < rounds; round++) {
    times.direct.push(...(await together(direct, streams)));
    times.through.push(...(await together(through, streams)));
  }
  return times;
}

const together = (ask: () => Promise<number>, streams: number): Promise<number[]> =>
  Promise.all(Array.from({ length: streams }, ask));

/** The difference of the medians; the percentiles are those of what was added to the median of the direct requests. */
function added(name: string, { direct, through }: Times): Omit<Case, 'goal' | 'holds'> {
  const base = percentile(direct, 0.5);
  const spread = percentiles(through.map((time) => time - base));
  return {
    case: name,
    value: spread.p50,
    unit: 'ms',
    ...spread,
    peer: 'direct first token',
    peer_value: base,
  };
}

const question = (retrieval: boolean) => ({
  model: 'paced',
  messages: [{ role: 'user', content: 'How do I erase a document?' }],
  ...(retrieval ? {} : { millrace: { retrieval: false } }),
});
