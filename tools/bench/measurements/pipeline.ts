import { availableParallelism } from 'node:os';
import { peakMegabytes, tone, treeMegabytes, randomNumbers } from '@millrace/testing';
import { bareLoop } from '../bare-loop.ts';
import { Client } from '../client.ts';
import { defaultModel, indexedSequences } from '../index-access.ts';
import { pushRound, timeToSearchable } from '../load.ts';
import {
  withGoal,
  withoutGoal,
  type BenchContext,
  type Case,
  type Goal,
  type Measurement,
} from '../measurement.ts';
import { mixedLoad, mixedLoadNeeds } from '../mixed-load.ts';
import { MeasuredServer, withServer } from '../server.ts';
import { needsSharedData } from '../shared-data.ts';

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
      // The speech models are in memory only once somebody was heard.
      await client.transcribe(tone());
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

/**
 * Rounds of the pipeline and of the bare model on the same sequences, in turns, so that what else the machine does
 * meets both alike, in the environment of a server. Both are warm: the pipeline has had a round that does not count, the model a run. The goal is
 * against the graph as published; against the graph as it is run here is what the rest of the pipeline takes.
 */
async function throughput(
  client: Client,
  dataDir: string,
  workers: number,
  { quick, note }: BenchContext,
): Promise<Case[]> {
  const { file, collection } = await defaultModel();
  const random = randomNumbers(11);
  const [rounds, size] = quick ? [2, 50] : [3, 600];
  const pushed = { documents: 0, seconds: 0 };
  const bare = { tokens: 0, published: 0, rewritten: 0 };
  for (let round = 0; round <= rounds; round++) {
    note(round === 0 ? `${size} documents to warm up` : `round ${round} of ${rounds}: ${size} documents`);
    const seconds = await pushRound(client, `load-${round}-`, size, random);
    if (round === 0) continue;
    pushed.documents += size;
    pushed.seconds += seconds;
    const sequences = await indexedSequences(dataDir, collection, `load-${round}-`);
    note(`round ${round} of ${rounds}: ${sequences.length} chunks through the bare model, two graphs`);
    const loop = {
      published: (await bareLoop(file, sequences, workers, 'published')).seconds,
      rewritten: (await bareLoop(file, sequences, workers, 'rewritten')).seconds,
    };
    note(
      `round ${round} of ${rounds}: ${seconds.toFixed(1)} s; bare ${loop.published.toFixed(1)} s as published, ` +
        `${loop.rewritten.toFixed(1)} s as run here`,
    );
    bare.published += loop.published;
    bare.rewritten += loop.rewritten;
    bare.tokens += sequences.reduce((sum, { length }) => sum + length, 0);
  }
  const own = bare.tokens / pushed.seconds;
  const tokens = (graph: 'published' | 'rewritten', name: string) => ({
    case: `tokens, beside the graph ${name}`,
    value: own,
    unit: '1/s',
    n: bare.tokens,
    peer: `bare onnxruntime on ${workers} processes`,
    peer_value: bare.tokens / bare[graph],
    ratio: bare[graph] / pushed.seconds,
  });
  const { documents, seconds } = pushed;
  return [
    withoutGoal({ case: 'documents', value: documents / seconds, unit: '1/s', n: documents }),
    withGoal(tokens('published', 'as published'), { sense: '>=', limit: 0.85 }, 'ratio'),
    withoutGoal(tokens('rewritten', 'as run here')),
  ];
}
