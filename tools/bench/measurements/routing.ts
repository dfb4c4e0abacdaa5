import {
  answerWith,
  delta,
  done,
  finish,
  MockBackEnd,
  modelList,
  pause,
  playOf,
  stream,
} from '@millrace/testing';
import { firstToken } from '../first-token.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { atPace } from '../pace.ts';
import { withServer } from '../server.ts';
import { percentile, percentiles } from '../statistics.ts';

export const routing: Measurement = {
  name: 'routing',
  summary:
    'a cheap back end becomes slow under load and recovers: how soon it loses its traffic and has it again, failed requests',
  run: async (context) => {
    const [cheap, dear] = [new PacedBackEnd(), new PacedBackEnd()];
    const backEnds = [
      { name: 'cheap', base_url: await cheap.listen(), price: { prompt: 1, completion: 1 } },
      { name: 'dear', base_url: await dear.listen(), price: { prompt: 9, completion: 9 } },
    ];
    try {
      const env = { MILLRACE_LLM_BACK_ENDS: JSON.stringify(backEnds) };
      return await withServer({ env }, ({ url }) => slowInBetween(url, { cheap, dear }, context));
    } finally {
      await Promise.all([cheap.close(), dear.close()]);
    }
  },
};

const budgetMs = 600;
const perSecond = 20;
/** Milliseconds until a back end says its first word, and between two words. */
const quick = 20;
const slow = 4_000;
const words = 10;

/** A language model's server that can be made slow. */
class PacedBackEnd {
  firstWordMs = quick;
  /** When it was asked by callers, which say so: not when Millrace looks how it is. */
  readonly askedAt: number[] = [];
  private readonly server = new MockBackEnd(
    playOf((path, body) => {
      if (path.endsWith('/models')) return answerWith(200, modelList('paced'));
      if (body.includes(question)) this.askedAt.push(performance.now());
      const said = Array.from({ length: words }, () => [pause(quick / 4), delta(' word')]).flat();
      return stream(pause(this.firstWordMs), ...said, finish(), done);
    }),
  );

  listen = (): Promise<string> => this.server.listen();
  close = (): Promise<void> => this.server.close();
}

const question = 'How is it at the mill?';

async function slowInBetween(
  url: string,
  { cheap, dear }: Readonly<Record<'cheap' | 'dear', PacedBackEnd>>,
  context: BenchContext,
): Promise<Case[]> {
  const seconds = context.quick ? 6 : 20;
  let failed = 0;
  const body = {
    model: 'paced',
    messages: [{ role: 'user', content: question }],
    millrace: { retrieval: false },
  };
  const headers = { 'x-millrace-budget-ms': String(budgetMs) };
  const load = (lasts: number) =>
    atPace(lasts * perSecond, perSecond, () =>
      firstToken(`${url}/v1`, body, context.signal, headers).catch(() => (failed += 1)),
    );
  context.note('all well');
  const before = await load(seconds);
  const shareBefore = cheap.askedAt.length / (seconds * perSecond);

  context.note('the cheap one is slow');
  cheap.firstWordMs = slow;
  const slowAt = performance.now();
  const during = await load(seconds);
  const lost = (cheap.askedAt.at(-1) ?? slowAt) - slowAt;

  context.note('it has recovered');
  cheap.firstWordMs = quick;
  const wellAt = performance.now();
  const after = await load(seconds);
  const regained = (cheap.askedAt.find((time) => time > wellAt) ?? Infinity) - wellAt;
  const late = cheap.askedAt.filter((time) => time > wellAt + regained);
  const dearLate = dear.askedAt.filter((time) => time > wellAt + regained);
  const n = seconds * perSecond;
  return [
    withGoal(
      { case: 'failed requests', value: failed, unit: 'requests', n: 3 * n },
      { sense: '<=', limit: 0 },
    ),
    withGoal(
      { case: 'slow until it is asked no more', value: lost / 1_000, unit: 's', n },
      { sense: '<=', limit: 2 },
    ),
    withoutGoal({ case: 'recovered until it is asked again', value: regained / 1_000, unit: 's', n }),
    withoutGoal({ case: 'its share before', value: shareBefore, unit: 'of all', n }),
    withoutGoal({
      ...{ case: 'its share afterwards', unit: 'of all', n: late.length + dearLate.length },
      value: late.length / (late.length + dearLate.length),
    }),
    ...(
      [
        ['before', before],
        ['while it is slow', during],
        ['afterwards', after],
      ] as const
    ).map(([when, times]) =>
      withoutGoal({
        ...{ case: `first word, ${when}`, value: percentile(times, 0.5), unit: 'ms', n },
        ...percentiles(times),
      }),
    ),
  ];
}
