import { randomNumbers } from '@millrace/testing';
import type { ModelPlan } from '@millrace/contracts';
import { abstractCollections, abstractTexts } from '../abstracts.ts';
import { Client, delay } from '../client.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { needsSharedData } from '../shared-data.ts';
import { percentiles } from '../statistics.ts';
import { SwitchTraffic } from '../switch-traffic.ts';
import { paragraphs } from '../synthetic-text.ts';

const forChanges = 500;
const [before, after] = ['all-minilm-l6-v2', 'bge-small-en-v1.5'] as const;

/** Another embedding model while questions are asked and documents change, and back again. */
export const modelSwitch: Measurement = {
  name: 'switch',
  summary:
    'a change of the embedding model under questions and changes: faults, latency, time, and the way back',
  unavailable: () => needsSharedData(...abstractCollections),
  run: (context) => withServer({}, ({ url }) => trial(new Client(url, context.signal), context)),
};

async function trial(client: Client, context: BenchContext): Promise<Case[]> {
  const { quick, note } = context;
  const size = quick ? 1_000 : 20_000;
  const { texts, others } = await textsOf(size);
  note(`pushing ${size} documents`);
  await client.putAll(texts.map((text, n): [string, { text: string }] => [`doc-${n}`, { text }]));
  await client.settled();
  const traffic = new SwitchTraffic(client, texts, others);
  try {
    return figures({ size, ...(await switched(client, traffic, context)) });
  } finally {
    await traffic.end();
  }
}

interface Texts {
  readonly texts: readonly string[];
  /** That documents are changed to. */
  readonly others: readonly string[];
}

/** Real ones as far as they go, and paragraphs that are made up. */
async function textsOf(size: number): Promise<Texts> {
  const real = await abstractTexts();
  const random = randomNumbers(23);
  const madeUp = Array.from({ length: Math.max(0, size + forChanges - real.length) }, () =>
    paragraphs(1, random),
  );
  const all = [...real, ...madeUp];
  return { others: all.slice(0, forChanges), texts: all.slice(forChanges, forChanges + size) };
}

async function switched(
  client: Client,
  traffic: SwitchTraffic,
  { quick, note }: BenchContext,
): Promise<Omit<Outcome, 'size'>> {
  note('questions and changes, with one model');
  await delay(quick ? 10_000 : 60_000);
  const alone = traffic.turn();
  note(`preparing ${after}`);
  const began = performance.now();
  await client.json('POST', '/v1/admin/models/switch', { to: after });
  const plan = await untilServed(client, note);
  const seconds = (performance.now() - began) / 1000;
  const during = traffic.turn();
  await delay(5_000);
  const back = await wayBack(client);
  await delay(3_000);
  const { faults, changes } = await traffic.end();
  const afterwards = traffic.turn();
  for (const fault of faults.slice(0, 5)) note(fault);
  return { seconds, back, alone, during, afterwards, faults: faults.length, changes, plan };
}

async function untilServed(client: Client, note: BenchContext['note']): Promise<ModelPlan> {
  for (let said = 0; ; await delay(500)) {
    const plan = await client.json<ModelPlan>('GET', '/v1/admin/models');
    if (plan.serving === after) return plan;
    if (plan.next && ['refused', 'unproven'].includes(plan.next.phase))
      throw new Error(`does not serve: ${JSON.stringify(plan.next)}`);
    if (plan.next && performance.now() - said > 15_000) {
      said = performance.now();
      note(`${plan.next.looked_at} of ${plan.next.documents} documents, pass ${plan.next.passes + 1}`);
    }
  }
}

interface WayBack {
  readonly millis: number;
  /** Times that it was refused, for documents had yet to follow. */
  readonly refusals: number;
}

/** From the word until the embedding service goes by it. */
async function wayBack(client: Client): Promise<WayBack> {
  const began = performance.now();
  const refusals = await client.insist('POST', '/v1/admin/models/serve', { model: before });
  for (;;) {
    const { data } = await client.json<{ data: { id: string }[] }>('GET', '/v1/models');
    if (data.findIndex(({ id }) => id === before) < data.findIndex(({ id }) => id === after))
      return { millis: performance.now() - began, refusals };
    await delay(5);
  }
}

interface Outcome {
  readonly size: number;
  readonly seconds: number;
  readonly back: WayBack;
  readonly alone: readonly number[];
  readonly during: readonly number[];
  /** Since the new model served, and on the way back. */
  readonly afterwards: readonly number[];
  readonly faults: number;
  /** Documents that changed, and were searched for once they were called indexed. */
  readonly changes: number;
  readonly plan: ModelPlan;
}

function figures(outcome: Outcome): Case[] {
  const { size, seconds, back, alone, during, afterwards, faults, changes, plan } = outcome;
  const [idle, busy, later] = [percentiles(alone), percentiles(during), percentiles(afterwards)];
  const comparison = plan.previous?.comparison;
  const n = alone.length + during.length + afterwards.length + changes;
  return [
    withGoal(
      {
        ...{
          case: 'questions that failed or met the other model, changes that were not found',
          value: faults,
        },
        ...{ unit: '', n },
      },
      { sense: '<=', limit: 0 },
    ),
    withGoal(
      {
        ...{ case: 'a question while documents get their second vectors: p95', value: busy.p95, unit: 'ms' },
        ...{ ...busy, peer: 'before', peer_value: idle.p95, ratio: busy.p95 / idle.p95 },
      },
      { sense: '<=', limit: 1.2 },
      'ratio',
    ),
    // The other model takes its own time over a question.
    withoutGoal({
      ...{ case: 'a question after the switch, and on the way back: p95', value: later.p95, unit: 'ms' },
      ...{ ...later, peer: 'before', peer_value: idle.p95, ratio: later.p95 / idle.p95 },
    }),
    withoutGoal({ case: 'documents prepared', value: size / seconds, unit: '1/s', n: size }),
    withoutGoal({ case: 'until it served', value: seconds, unit: 's', n: 1 }),
    withGoal(
      { case: 'back to the model before', value: back.millis, unit: 'ms', n: 1 },
      { sense: '<=', limit: 1_000 },
    ),
    withoutGoal({
      ...{ case: 'times that the way back was refused, for documents had yet to follow', unit: '' },
      ...{ value: back.refusals, n: 1 },
    }),
    ...(comparison
      ? (['serving', 'next'] as const).map((side) =>
          withoutGoal({
            ...{ case: `sentences found by ${side === 'next' ? after : before}`, unit: '%' },
            ...{ value: 100 * comparison[`found_${side}`], n: comparison.sentences },
          }),
        )
      : []),
  ];
}
