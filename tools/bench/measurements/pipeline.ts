import { availableParallelism } from 'node:os';
import { embeddingText, loadTokenizer } from '@millrace/text';
import { bareLoop } from '../bare-loop.ts';
import { Client, delay } from '../client.ts';
import { defaultModel, openIndex } from '../index-access.ts';
import {
  withGoal,
  withoutGoal,
  type BenchContext,
  type Case,
  type Goal,
  type Measurement,
} from '../measurement.ts';
import { mixedLoad, mixedLoadNeeds } from '../mixed-load.ts';
import { peakMegabytes, treeMegabytes } from '../processes.ts';
import { MeasuredServer, withServer } from '../server.ts';
import { needsSharedData } from '../shared-data.ts';
import { percentiles } from '../statistics.ts';
import { paragraphs, randomNumbers } from '../synthetic-text.ts';

/** Loads the speech models, which are in memory only once somebody spoke: a second of a tone, 16 kHz, as WAV. */
function beep(): Uint8Array<ArrayBuffer> {
  const samples = Int16Array.from({ length: 16_000 }, (_, at) => 8_000 * Math.sin(at / 6));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(16_000, 24);
  head.writeUInt32LE(32_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return new Uint8Array(Buffer.concat([head, Buffer.from(samples.buffer)]));
}

export const pipeline: Measurement = {
  name: 'pipeline',
  summary:
    'documents and tokens a second until searchable, against the bare model; time to searchable; memory',
  run: async (context) => {
    const workers = availableParallelism();
    const server = await MeasuredServer.start({ MILLRACE_EMBEDDER_WORKERS: String(workers) });
    try {
      const client = new Client(server.url, context.signal);
      const single = await timeToSearchable(client, context);
      await client.transcribe(beep());
      const idle = treeMegabytes(server.pid);
      const load = await peakMegabytes(server.pid, () =>
        throughput(client, server.dataDir, workers, context),
      );
      return [
        ...load.result,
        withGoal(
          { case: 'accepted to searchable, nothing else to do', value: single.p50, unit: 'ms', ...single },
          { sense: '<=', limit: 300 },
        ),
        withoutGoal({ case: 'memory of all processes and models, idle', value: idle, unit: 'MB', n: 1 }),
        withGoal(
          { case: 'memory of all processes and models, short texts', value: load.peak, unit: 'MB', n: 1 },
          memoryGoal,
        ),
        ...(await memoryUnderMixedLoad(context)),
      ];
    } finally {
      await server.stop();
    }
  },
};

const memoryGoal: Goal = { sense: '<=', limit: 1536 };

/** On a server of its own, with as many processes as it takes by itself. */
async function memoryUnderMixedLoad(context: BenchContext): Promise<Case[]> {
  const name = 'memory of all processes and models, under a mixed load';
  const missing = needsSharedData(...mixedLoadNeeds);
  if (missing) {
    context.note(`NOT RUN: ${name}: ${missing}`);
    return [];
  }
  const { peak } = await withServer({}, ({ url, pid }) =>
    peakMegabytes(pid, () => mixedLoad(new Client(url, context.signal), url, context)),
  );
  return [withGoal({ case: name, value: peak, unit: 'MB', n: 1 }, memoryGoal)];
}

/** From the answer to the push until the long poll says that the document can be found. */
async function timeToSearchable(client: Client, { quick, note }: BenchContext) {
  note('one small document at a time');
  const warmUp = 3;
  const times: number[] = [];
  const random = randomNumbers(3);
  for (let i = 0; i < (quick ? 10 : 50) + warmUp; i++) {
    await client.put(`single-${i}`, { text: paragraphs(1, random) });
    const began = performance.now();
    await client.indexed(`single-${i}`);
    times.push(performance.now() - began);
    await delay(50);
  }
  return percentiles(times.slice(warmUp));
}

/**
 * Rounds of the pipeline and of the bare model on the same sequences, in turns, so that what else the machine does
 * meets both alike. Both are warm: the pipeline has had a round that does not count, the model a run.
 */
async function throughput(
  client: Client,
  dataDir: string,
  workers: number,
  { quick, note }: BenchContext,
): Promise<Case[]> {
  const { file, collection } = await defaultModel();
  const random = randomNumbers(11);
  const [rounds, size] = quick ? [2, 50] : [4, 250];
  const pushed = { documents: 0, seconds: 0 };
  const bare = { tokens: 0, seconds: 0 };
  for (let round = 0; round <= rounds; round++) {
    note(round === 0 ? `${size} documents to warm up` : `round ${round} of ${rounds}: ${size} documents`);
    const seconds = await pushRound(client, `load-${round}-`, size, random);
    if (round === 0) continue;
    pushed.documents += size;
    pushed.seconds += seconds;
    const sequences = await indexedSequences(dataDir, collection, `load-${round}-`);
    note(`round ${round} of ${rounds}: ${sequences.length} chunks through the bare model`);
    const loop = await bareLoop(file, sequences, workers);
    bare.tokens += loop.tokens;
    bare.seconds += loop.seconds;
  }
  const [own, peer] = [bare.tokens / pushed.seconds, bare.tokens / bare.seconds];
  const tokens = {
    case: 'tokens',
    value: own,
    unit: '1/s',
    n: bare.tokens,
    peer: `bare onnxruntime on ${workers} processes`,
    peer_value: peer,
    ratio: own / peer,
  };
  const { documents, seconds } = pushed;
  return [
    withoutGoal({ case: 'documents', value: documents / seconds, unit: '1/s', n: documents }),
    withGoal(tokens, { sense: '>=', limit: 0.85 }, 'ratio'),
  ];
}

/** About 1,000 tokens a document, none like another: a vector that is known would come from the cache. In seconds. */
async function pushRound(
  client: Client,
  prefix: string,
  size: number,
  random: () => number,
): Promise<number> {
  const documents = Array.from({ length: size }, (_, i): [string, { text: string }] => [
    `${prefix}${i}`,
    { text: paragraphs(6, random) },
  ]);
  const began = performance.now();
  await client.putAll(documents);
  const states = await client.settled();
  if (states['dead-lettered']) throw new Error(`${states['dead-lettered']} documents were dead-lettered`);
  return (performance.now() - began) / 1000;
}

/** The token ids that the product embedded under load, read back from its index. */
async function indexedSequences(dataDir: string, collection: string, prefix: string): Promise<Int32Array[]> {
  const tokenizer = await loadTokenizer();
  const store = await openIndex(dataDir);
  const sequences: Int32Array[] = [];
  for (let page = await store.audit(collection, 'default'); page.length > 0;) {
    for (const { document } of page.filter((row) => row.document.startsWith(prefix)))
      for (const hit of await store.range(collection, { tenant: 'default', document }, 0, 10_000))
        sequences.push(Int32Array.from(tokenizer.encode(embeddingText(hit))));
    page = await store.audit(collection, 'default', page.at(-1)?.document);
  }
  await store.close();
  return sequences;
}
