import { randomNumbers } from '@millrace/testing';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddingModels, withFusedAttention, type EmbeddingManifest } from '@millrace/adapters/onnx';
import { loadTokenizer } from '@millrace/text';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { modelsDir } from '../index-access.ts';
import { withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { paragraphs } from '../synthetic-text.ts';

const lengths = [16, 64, 166, 400];
const runsAtOnce = 4;
/** Texts of one length in one run, against one a run. */
const batches = [4, 16];
const batchTokens = 166;

/** One thread each, in turns, so that what else the machine does falls on both alike. */
export const graph: Measurement = {
  name: 'graph',
  summary:
    'processor time a run of the graph as published and as it is run here, by tokens, and of several texts in a run; cosine of their vectors',
  run: async (context) => {
    const cases: Case[] = [];
    for (const entry of embeddingModels) {
      const file = join(modelsDir, entry.name, 'model.onnx');
      if (existsSync(file)) cases.push(...(await compared(entry, await readFile(file), context)));
      else context.note(`NOT RUN: npm run millrace -- models pull ${entry.name}`);
    }
    return cases;
  },
};

async function compared(
  { name, manifest }: (typeof embeddingModels)[number],
  model: Uint8Array,
  { quick, note }: BenchContext,
): Promise<Case[]> {
  const fused = withFusedAttention(model);
  if (!fused) throw new Error(`the graph of ${name} is not one that can be rewritten`);
  const [published, rewritten] = [await opened(model), await opened(fused)];
  const cases: Case[] = [];
  for (const tokens of lengths) {
    note(`${name}: ${tokens} tokens`);
    const ids = idsOf(tokens);
    const [plain, own]: [number[], number[]] = [[], []];
    for (let round = 0; round < (quick ? 6 : 24); round++) {
      plain.push(await processorMillis(published, ids));
      own.push(await processorMillis(rewritten, ids));
    }
    const [value, peerValue] = [median(own), median(plain)];
    cases.push(
      withoutGoal({
        ...{ case: `${name}, ${tokens} tokens`, value, unit: 'ms', n: own.length * runsAtOnce },
        ...{ peer: 'as published', peer_value: peerValue, ratio: peerValue / value },
      }),
    );
  }
  for (const texts of batches) {
    note(`${name}: ${texts} texts in a run`);
    const ids = idsOf(batchTokens);
    const [alone, together]: [number[], number[]] = [[], []];
    for (let round = 0; round < (quick ? 3 : 12); round++) {
      alone.push(await processorMillis(rewritten, ids));
      together.push((await processorMillis(rewritten, ids, texts)) / texts);
    }
    const [value, peerValue] = [median(together), median(alone)];
    cases.push(
      withoutGoal({
        ...{ case: `${name}, ${texts} texts of ${batchTokens} tokens in a run, each`, value, unit: 'ms' },
        ...{ n: together.length * runsAtOnce },
        ...{ peer: 'one a run', peer_value: peerValue, ratio: peerValue / value },
      }),
    );
  }
  const likeness = await cosines(manifest.pooling, published, rewritten, quick ? 20 : 200);
  const mean = likeness.reduce((sum, each) => sum + each, 0) / likeness.length;
  return [
    ...cases,
    withoutGoal({ case: `${name}, cosine, mean`, value: mean, unit: '', n: likeness.length }),
    withoutGoal({
      case: `${name}, cosine, least`,
      value: Math.min(...likeness),
      unit: '',
      n: likeness.length,
    }),
  ];
}

const opened = (model: Uint8Array): Promise<InferenceSession> =>
  InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, enableMemPattern: false });

const idsOf = (tokens: number): number[] =>
  Array.from({ length: tokens }, (_, at) => 1000 + ((at * 7919) % 20_000));

/** @param rows So many times the same text in one run. */
async function hidden(session: InferenceSession, ids: readonly number[], rows = 1): Promise<Float32Array> {
  const all = Array.from({ length: rows }, () => ids).flat();
  const matrix = (values: BigInt64Array) => new Tensor('int64', values, [rows, values.length / rows]);
  const outputs = await session.run({
    input_ids: matrix(BigInt64Array.from(all, BigInt)),
    attention_mask: matrix(new BigInt64Array(rows).fill(1n)),
    token_type_ids: matrix(new BigInt64Array(all.length)),
  });
  return outputs[session.outputNames[0]!]!.data as Float32Array;
}

async function processorMillis(session: InferenceSession, ids: readonly number[], rows = 1): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < runsAtOnce; n++) await hidden(session, ids, rows);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / runsAtOnce;
}

async function cosines(
  pooling: Pooling,
  published: InferenceSession,
  rewritten: InferenceSession,
  count: number,
): Promise<number[]> {
  const tokenizer = await loadTokenizer();
  const random = randomNumbers(5);
  const found: number[] = [];
  for (let n = 0; n < count; n++) {
    const ids = tokenizer.encode(paragraphs(1 + (n % 2), random));
    const [one, other] = [await hidden(published, ids), await hidden(rewritten, ids)].map((each) =>
      pooled(each, ids.length, pooling),
    );
    found.push(cosine(one!, other!));
  }
  return found;
}

type Pooling = EmbeddingManifest['pooling'];

function pooled(rows: Float32Array, tokens: number, pooling: Pooling): number[] {
  const dims = rows.length / tokens;
  if (pooling === 'cls') return [...rows.subarray(0, dims)];
  return Array.from({ length: dims }, (_, column) => {
    let sum = 0;
    for (let at = column; at < rows.length; at += dims) sum += rows[at]!;
    return sum;
  });
}

function cosine(one: readonly number[], other: readonly number[]): number {
  const dot = one.reduce((sum, value, at) => sum + value * other[at]!, 0);
  return dot / (Math.hypot(...one) * Math.hypot(...other));
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
