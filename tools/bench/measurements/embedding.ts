import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { loadTokenizer } from '@millrace/text';
import { bareLoop } from '../bare-loop.ts';
import { EmbeddingClient } from '../embedding-client.ts';
import { fastembedPeers, lacksFastembed, type EmbeddingPeer } from '../embedding-peers.ts';
import { infinityPeers, lacksInfinity } from '../infinity-peer.ts';
import { embeddingSetNeeds, embeddingSets, type EmbeddingSet } from '../embedding-sets.ts';
import { defaultModel } from '../index-access.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { needsSharedData, readJsonLines } from '../shared-data.ts';
import { percentiles } from '../statistics.ts';

const model = 'all-minilm-l6-v2';
const queriesFile = 'retrieval/cranfield/queries.jsonl';
const load = { inRequest: 32, inFlight: 4 };

export const embedding: Measurement = {
  name: 'embedding',
  summary:
    'tokens a second through /v1/embeddings on 1 and 2 processes, beside the bare model on the untouched file and what others deploy; queries alone and under a bulk load',
  unavailable: () => needsSharedData(embeddingSetNeeds, queriesFile),
  run: async (context) => {
    const sets = await embeddingSets(await loadTokenizer(), context.quick ? 96 : 384);
    const cases: Case[] = [];
    for (const processes of [1, 2]) cases.push(...(await throughput(sets, processes, context)));
    return [...cases, ...(await queries(sets[0]!, context))];
  },
};

/** Server, bare loop and peers in turns, so that what else the machine does meets all alike. All have had a run before. */
function throughput(
  sets: readonly EmbeddingSet[],
  processes: number,
  context: BenchContext,
): Promise<Case[]> {
  const env = { MILLRACE_EMBEDDER_WORKERS: String(processes), MILLRACE_EMBEDDER_QUERY_WORKER: 'false' };
  return withServer({ env }, async ({ url }) => {
    const { file } = await defaultModel();
    const client = new EmbeddingClient(`${url}/v1`, model, context.signal);
    const peers = await peersOf(file, processes, context);
    try {
      const cases: Case[] = [];
      for (const set of sets)
        cases.push(...(await inTurns(set, { processes, client, file, peers }, context)));
      return cases;
    } finally {
      for (const peer of peers) await peer.close();
    }
  });
}

/** As many as are installed. */
async function peersOf(
  file: string,
  processes: number,
  { note, signal }: BenchContext,
): Promise<EmbeddingPeer[]> {
  for (const lack of [lacksFastembed(), lacksInfinity()]) if (lack) note(`NOT RUN beside ${lack}`);
  const takesAll = processes === availableParallelism();
  return [
    ...(lacksFastembed() ? [] : await fastembedPeers(file, processes)),
    ...(lacksInfinity() || !takesAll ? [] : await infinityPeers(file, load, signal)),
  ];
}

interface Contenders {
  readonly processes: number;
  readonly client: EmbeddingClient;
  readonly file: string;
  readonly peers: readonly EmbeddingPeer[];
}

async function inTurns(
  { name, texts, sequences }: EmbeddingSet,
  { processes, client, file, peers }: Contenders,
  { quick, note }: BenchContext,
): Promise<Case[]> {
  await client.embedAll(texts.slice(0, 64), load);
  const [rounds, perRound] = [quick ? 1 : 4, sequences.reduce((sum, { length }) => sum + length, 0)];
  const spent = { own: 0, bare: 0, peers: peers.map(() => 0) };
  for (let round = 1; round <= rounds; round++) {
    note(`${processes} processes, ${name}: round ${round}`);
    spent.own += await client.embedAll(texts, load);
    spent.bare += (await bareLoop(file, sequences, processes)).seconds;
    for (const [at, peer] of peers.entries()) spent.peers[at]! += await peer.embedAll(texts);
  }
  const tokens = rounds * perRound;
  const beside = (peer: string, seconds: number) => ({
    ...{ case: `${name}, ${processes} processes`, value: tokens / spent.own, unit: 'tokens/s', n: tokens },
    ...{ peer, peer_value: tokens / seconds, ratio: seconds / spent.own },
  });
  const goals = { asItComes: name === 'documents' ? 2 : 2.5, tuned: 1.1 };
  return [
    withGoal(beside('bare onnxruntime, untouched file', spent.bare), { sense: '>=', limit: 0.95 }, 'ratio'),
    ...peers.map(({ name: peer, tuned }, at) =>
      withGoal(
        beside(peer, spent.peers[at]!),
        { sense: '>=', limit: tuned ? goals.tuned : goals.asItComes },
        'ratio',
      ),
    ),
  ];
}

/** Questions a second of those who ask at a steady pace: some hundred people at their screens. */
const questionsASecond = 20;

/**
 * As the server comes: short questions alone and while documents are embedded without a pause. Asked one after the other
 * they take a good part of the machine themselves, so what bulk work keeps is told beside a steady pace as well.
 */
function queries(bulk: EmbeddingSet, context: BenchContext): Promise<Case[]> {
  return withServer({}, async ({ url }) => {
    const client = new EmbeddingClient(`${url}/v1`, model, context.signal);
    const questions = (await readJsonLines<{ text: string }>(queriesFile)).map(({ text }) => text);
    const some = questions.slice(0, context.quick ? 50 : 200);
    await client.ask(some.slice(0, 20));
    context.note('queries alone');
    const alone = percentiles(await client.ask(some));
    await beside(bulk, client, () => Promise.resolve());
    context.note('bulk alone');
    const undisturbed = await beside(bulk, client, () => pause(context.quick ? 5_000 : 20_000));
    context.note(`${questionsASecond} queries a second under a bulk load`);
    const paced = await beside(bulk, client, () => client.askAtPace([...some, ...some], questionsASecond));
    context.note('queries without a pause under a bulk load');
    const incessant = await beside(bulk, client, () => client.ask([...some, ...some]));
    return [
      withoutGoal({ case: 'query alone, p50', value: alone.p50, unit: 'ms', ...alone }),
      ...underLoad(`${questionsASecond} queries a second`, paced, undisturbed.rate),
      ...underLoad('queries without a pause', incessant, undisturbed.rate),
    ];
  });
}

interface Beside<T> {
  readonly result: T;
  /** Tokens a second of the bulk load meanwhile, and tokens. */
  readonly rate: number;
  readonly tokens: number;
}

/** The same documents again and again, until it is done. */
async function beside<T>(
  { texts, sequences }: EmbeddingSet,
  client: EmbeddingClient,
  act: () => Promise<T>,
): Promise<Beside<T>> {
  const perRound = sequences.reduce((sum, { length }) => sum + length, 0);
  const began = performance.now();
  let tokens = 0;
  let goesOn = true;
  const pusher = (async () => {
    for (; goesOn; tokens += perRound) await client.embedAll(texts, load);
  })();
  const result = await act();
  goesOn = false;
  await pusher;
  return { result, tokens, rate: tokens / ((performance.now() - began) / 1000) };
}

function underLoad(name: string, { result, rate, tokens }: Beside<number[]>, undisturbed: number): Case[] {
  const spread = percentiles(result);
  return [
    withGoal(
      { case: `${name} under a bulk load, p99`, value: spread.p99, unit: 'ms', ...spread },
      { sense: '<=', limit: 25 },
    ),
    withGoal(
      {
        ...{ case: `bulk beside ${name}`, value: rate, unit: 'tokens/s', n: tokens },
        ...{ peer: 'bulk alone', peer_value: undisturbed, ratio: rate / undisturbed },
      },
      { sense: '>=', limit: 0.85 },
      'ratio',
    ),
  ];
}
