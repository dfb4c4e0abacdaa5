import { randomNumbers } from '@millrace/testing';
import type { ModelPlan } from '@millrace/contracts';
import { Client, delay } from '../client.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { percentiles } from '../statistics.ts';
import { paragraphs } from '../synthetic-text.ts';

const [before, after] = ['all-minilm-l6-v2', 'bge-small-en-v1.5'] as const;
/** Of some 250 tokens: each is one chunk. */
const paragraphsPerDocument = 1;
const pauseMs = 100;
/** Below this a question is a stranger to the text that it repeats: they are of two models. */
const related = 0.5;

/** Another embedding model while questions are asked and documents change, and back again. */
export const modelSwitch: Measurement = {
  name: 'switch',
  summary:
    'a change of the embedding model under questions and changes: faults, latency, time, and the way back',
  run: (context) => withServer({}, ({ url }) => trial(new Client(url, context.signal), context)),
};

async function trial(client: Client, context: BenchContext): Promise<Case[]> {
  const { quick, note } = context;
  const size = quick ? 1_000 : 20_000;
  const random = randomNumbers(23);
  const texts = Array.from({ length: size }, () => paragraphs(paragraphsPerDocument, random));
  note(`pushing ${size} documents`);
  await client.putAll(texts.map((text, n): [string, { text: string }] => [`doc-${n}`, { text }]));
  await client.settled();
  const traffic = new Traffic(client, texts);
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
  const rollback = await timeBack(client);
  await delay(3_000);
  const { faults } = await traffic.end();
  for (const fault of faults.slice(0, 5)) note(fault);
  return figures({ size, seconds, rollback, alone, during, faults: faults.length, plan });
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

/** From the word until the embedding service goes by it, ms. */
async function timeBack(client: Client): Promise<number> {
  const began = performance.now();
  await client.json('POST', '/v1/admin/models/serve', { model: before });
  for (;;) {
    const { data } = await client.json<{ data: { id: string }[] }>('GET', '/v1/models');
    if (data.findIndex(({ id }) => id === before) < data.findIndex(({ id }) => id === after))
      return performance.now() - began;
    await delay(5);
  }
}

/** One asks without a pause between answers but a short one, one changes documents. */
class Traffic {
  readonly faults: string[] = [];
  private times: number[] = [];
  private isOver = false;
  private readonly running: Promise<unknown>;

  constructor(
    private readonly client: Client,
    private readonly texts: readonly string[],
  ) {
    this.running = Promise.all([this.ask(), this.change()]);
  }

  /** The times of questions since the last turn. */
  turn(): number[] {
    const { times } = this;
    this.times = [];
    return times;
  }

  async end(): Promise<this> {
    this.isOver = true;
    await this.running;
    return this;
  }

  private async ask(): Promise<void> {
    for (let n = 0; !this.isOver; n = (n + 17) % this.texts.length) {
      const began = performance.now();
      const query = this.texts[n]!;
      const fault = await this.client
        .search({ query, mode: 'dense', top_k: 10 })
        .then(
          ({ results: [first] }) =>
            first?.document_id === `doc-${n}` && first.score > related
              ? undefined
              : `doc-${n}: ${first?.document_id} with ${first?.score}`,
          String,
        );
      if (fault !== undefined) this.faults.push(fault);
      this.times.push(performance.now() - began);
      await delay(pauseMs);
    }
  }

  private async change(): Promise<void> {
    const random = randomNumbers(29);
    for (let n = 0; !this.isOver; n++) {
      const id = `changing-${n % 50}`;
      await this.client.put(id, { text: paragraphs(paragraphsPerDocument, random) });
      const { state } = await this.client.indexed(id);
      if (state !== 'indexed') this.faults.push(`${id}: ${state}`);
      await delay(5 * pauseMs);
    }
  }
}

interface Outcome {
  readonly size: number;
  readonly seconds: number;
  readonly rollback: number;
  readonly alone: readonly number[];
  readonly during: readonly number[];
  readonly faults: number;
  readonly plan: ModelPlan;
}

function figures({ size, seconds, rollback, alone, during, faults, plan }: Outcome): Case[] {
  const [idle, busy] = [percentiles(alone), percentiles(during)];
  const comparison = plan.previous?.comparison;
  const n = alone.length + during.length;
  return [
    withGoal(
      { case: 'questions and changes that failed, or met the other model', value: faults, unit: '', n },
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
    withoutGoal({ case: 'documents prepared', value: size / seconds, unit: '1/s', n: size }),
    withoutGoal({ case: 'until it served', value: seconds, unit: 's', n: 1 }),
    withGoal(
      { case: 'back to the model before', value: rollback, unit: 'ms', n: 1 },
      { sense: '<=', limit: 1_000 },
    ),
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
