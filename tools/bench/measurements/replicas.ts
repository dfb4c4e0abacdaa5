import { engine, randomNumbers } from '@millrace/testing';
import { bareLoop } from '../bare-loop.ts';
import { Client, delay } from '../client.ts';
import { withFleet } from '../fleet.ts';
import { defaultModel, indexedSequences } from '../index-access.ts';
import { pushRound, timeToSearchable } from '../load.ts';
import { noOwnProcessor, withOwnProcessor } from '../own-processor.ts';
import { withGoal, withoutGoal, type BenchContext, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { paragraphs } from '../synthetic-text.ts';

/** One process runs the model in each replica, in standalone, and one or two in the bare loop. */
const env = { MILLRACE_EMBEDDER_WORKERS: '1' };

export const replicas: Measurement = {
  name: 'replicas',
  summary:
    'documents a second through Kafka with 1 and 2 replicas of embedding, beside standalone and the bare model; time to searchable',
  unavailable: () => (engine('kafka') ? undefined : 'it needs the engines: npm run engines -- up'),
  run: async (context) => {
    const load = { rounds: context.quick ? 1 : 3, size: context.quick ? 100 : 150 };
    const alone = await standalone(load, context);
    const { result: one, rate: bareOne } = await between(1, alone.sequences, context, () =>
      distributed(1, load, context),
    );
    const { result: two, rate: bareTwo } = await between(2, alone.sequences, context, () =>
      distributed(2, load, context),
    );
    const bare = { 1: bareOne, 2: bareTwo };
    const n = load.rounds * load.size;
    const rate = { unit: 'documents/s', n };
    const perDocument = tokensOf(alone.sequences) / load.size;
    const againstBare = (processes: 1 | 2, documents: number) => ({
      ...{ value: documents * perDocument, unit: 'tokens/s', n },
      ...{
        peer: `bare onnxruntime on ${processes} processes, graph as published`,
        peer_value: bare[processes],
      },
      ratio: (documents * perDocument) / bare[processes],
    });
    return [
      withoutGoal({ case: 'standalone, one model process', value: alone.rate, ...rate }),
      withoutGoal({
        ...{ case: 'through Kafka, 1 replica of embedding', value: one.rate, ...rate },
        ...{ peer: 'standalone', peer_value: alone.rate, ratio: one.rate / alone.rate },
      }),
      withoutGoal({
        ...{ case: 'through Kafka, 2 replicas of embedding', value: two.rate, ...rate },
        ...{ peer: '1 replica', peer_value: one.rate, ratio: two.rate / one.rate },
      }),
      ...(one.apart === undefined
        ? []
        : [
            withGoal(
              {
                case: '1 replica against the bare model, each on a processor of its own',
                ...againstBare(1, one.apart),
              },
              { sense: '>=', limit: 0.8 },
              'ratio',
            ),
          ]),
      withGoal(
        { case: '1 replica against the bare model, all on all processors', ...againstBare(1, one.rate) },
        { sense: '>=', limit: 0.8 },
        'ratio',
      ),
      withoutGoal({ case: '2 replicas against the bare model', ...againstBare(2, two.rate) }),
      withGoal(
        { case: 'accepted to searchable, nothing else to do', value: one.idle.p50, unit: 'ms', ...one.idle },
        { sense: '<=', limit: 800 },
      ),
      withoutGoal({
        ...{
          case: 'accepted to searchable, at half of the rate of 1 replica',
          value: one.busy.p50,
          unit: 'ms',
        },
        ...one.busy,
      }),
    ];
  },
};

interface Load {
  readonly rounds: number;
  readonly size: number;
}

/** The first rounds, in which what runs often is compiled. */
const warmUps = 2;

/** The same texts for everybody: about 1,000 tokens a document. Documents a second. */
async function throughput(
  client: Client,
  { rounds, size }: Load,
  { note }: BenchContext,
  { name, seed } = { name: 'load', seed: 11 },
): Promise<number> {
  const random = randomNumbers(seed);
  let seconds = 0;
  for (let round = 1 - warmUps; round <= rounds; round++) {
    note(round <= 0 ? `${size} documents to warm up` : `round ${round} of ${rounds}: ${size} documents`);
    const took = await pushRound(client, `${name}-${round}-`, size, random);
    if (round > 0) seconds += took;
  }
  return (rounds * size) / seconds;
}

/** Its rate, and what it embedded in a round. */
async function standalone(load: Load, context: BenchContext) {
  const { collection } = await defaultModel();
  return withServer({ env }, async ({ url, dataDir }) => {
    const rate = await throughput(new Client(url, context.signal), load, context);
    return { rate, sequences: await indexedSequences(dataDir, collection, 'load-1-') };
  });
}

/** With what the bare model does just before and just after, for a machine's speed changes: tokens a second. */
async function between<T>(
  processes: number,
  sequences: readonly Int32Array[],
  context: BenchContext,
  use: () => Promise<T>,
): Promise<{ readonly result: T; readonly rate: number }> {
  const before = await bareRate(processes, sequences, context);
  const result = await use();
  const after = await bareRate(processes, sequences, context);
  context.note(`the bare model did ${Math.round(before)} tokens a second before, ${Math.round(after)} after`);
  return { result, rate: (before + after) / 2 };
}

async function bareRate(
  processes: number,
  sequences: readonly Int32Array[],
  { note }: BenchContext,
): Promise<number> {
  note(`${sequences.length} chunks through the bare model on ${processes} processes`);
  const { file } = await defaultModel();
  const { tokens, seconds } = await bareLoop(file, sequences, processes);
  return tokens / seconds;
}

function distributed(count: number, load: Load, context: BenchContext) {
  context.note(`a process for each service, ${count} of embedding`);
  return withFleet({ env, replicas: { embedding: count } }, async ({ url, key, pid }) => {
    const client = new Client(url, context.signal, key);
    const idle = await timeToSearchable(client, context);
    const rate = await throughput(client, load, context);
    const apart =
      count === 1 ? await onItsOwn(pid, () => throughput(client, load, context, others), context) : undefined;
    const busy = await whileBusy(client, rate / 2, () => timeToSearchable(client, context, 4));
    return { rate, apart, idle, busy };
  });
}

/** Undefined where it cannot be done here, and says why. */
async function onItsOwn<T>(
  fleet: number,
  use: () => Promise<T>,
  { note }: BenchContext,
): Promise<T | undefined> {
  const reason = noOwnProcessor();
  note(
    reason
      ? `NOT MEASURED: the model on a processor of its own (${reason})`
      : 'the model on a processor of its own',
  );
  return reason ? undefined : withOwnProcessor(fleet, use);
}

/** Texts that no cache has yet. */
const others = { name: 'apart', seed: 13 };

const tokensOf = (sequences: readonly Int32Array[]): number =>
  sequences.reduce((sum, { length }) => sum + length, 0);

/** Documents of about 1,000 tokens come at this rate meanwhile, one at a time. */
async function whileBusy<T>(client: Client, perSecond: number, measure: () => Promise<T>): Promise<T> {
  const random = randomNumbers(17);
  let isOver = false;
  const pushing = (async () => {
    for (let n = 0; !isOver; n++) {
      await client.put(`background-${n}`, { text: paragraphs(6, random) });
      await delay(1000 / perSecond);
    }
  })();
  try {
    return await measure();
  } finally {
    isOver = true;
    await pushing;
  }
}
