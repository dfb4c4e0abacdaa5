import { readFile } from 'node:fs/promises';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { withFusedAttention } from '../graph/fuse-attention.ts';
import { openSession, type Provider } from '../runtime/session.ts';
import { packs } from './packs.ts';
import { pool } from './pooling.ts';
import type { EmbedderStart } from './protocol.ts';

/**
 * A BERT-like encoder. On CPU one text a run: no batch is faster there, and an int8 vector depends on its batch-mates
 * (microsoft/onnxruntime#10111). On a GPU several, as many as `paddedTokens` allows, where a text's vector is the same beside
 * others as alone.
 */
export class EncoderModel {
  private constructor(
    private readonly session: InferenceSession,
    readonly provider: Provider,
    private readonly mask: Mask,
    private readonly manifest: EmbedderStart['manifest'],
    /** Tokens of a run of several texts, padding included; 0: one text a run. */
    readonly runTokens: number,
  ) {}

  static async open({
    file,
    fuses,
    providers,
    manifest,
    paddedTokens = defaultPaddedTokens,
  }: Omit<EmbedderStart, 'sha256' | 'niceness'>): Promise<EncoderModel> {
    const { session, provider } = await openSession(
      // Fused attention has no mask, so it knows of no padding.
      async (on) => (fuses && paddedTokens[on] === 0 && withFusedAttention(await readFile(file))) || file,
      providers,
      (trial) => hiddenStates(trial, [trialIds], wholeMask),
    );
    const given = (await hiddenStates(session, [trialIds], wholeMask)).length / trialIds.length;
    if (given !== manifest.dims)
      throw new Error(`${file} gives ${given} numbers a token, and its description says ${manifest.dims}`);
    const mask = (await givesTheSame(session, shortMask)) ? shortMask : wholeMask;
    const most = paddedTokens[provider];
    const isPacked = most > 0 && (await isIndependent(session, manifest));
    return new EncoderModel(session, provider, mask, manifest, isPacked ? most : 0);
  }

  /** One vector a text, in order. */
  async embedAll(texts: readonly Int32Array[]): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    const lengths = texts.map(({ length }) => length);
    const runs = this.runTokens > 0 ? packs(lengths, this.runTokens) : texts.map((_, at) => [at]);
    for (const run of runs) {
      const own = run.map((at) => texts[at]!);
      const pooled = await pooledRows(this.session, own, own.length > 1 ? ownMask : this.mask, this.manifest);
      for (const [row, at] of run.entries()) vectors[at] = pooled[row]!;
    }
    return vectors;
  }
}

/** In runs of several texts matrix products are large enough for a GPU, and attention still fits into its memory. */
const defaultPaddedTokens: Readonly<Record<Provider, number>> = { cpu: 0, cuda: 16_384 };

/** Anything long enough to touch every kernel: 64 times `[UNK]`. */
const trialIds = new Int32Array(64).fill(100);

/** Which tokens count, for texts of these lengths in a run of so many columns. */
type Mask = (lengths: readonly number[], columns: number) => Tensor;

const wholeMask: Mask = ({ length: rows }, columns) =>
  matrix(new BigInt64Array(rows * columns).fill(1n), rows);
/**
 * One value that stands for all tokens by ONNX's rules of broadcasting. With a whole mask, every attention score has a
 * number of its own added: a 14th of the time of the models here.
 */
const shortMask: Mask = () => matrix(BigInt64Array.of(1n), 1);
/** Those of each text, not what it is padded with. */
const ownMask: Mask = (lengths, columns) => {
  const counts = new BigInt64Array(lengths.length * columns);
  for (const [row, length] of lengths.entries()) counts.fill(1n, row * columns, row * columns + length);
  return matrix(counts, lengths.length);
};

/** Whether a mask gives what the whole one gives, to the bit: a graph need not broadcast it. */
async function givesTheSame(session: InferenceSession, mask: Mask): Promise<boolean> {
  const [expected, given] = [
    await hiddenStates(session, [trialIds], wholeMask),
    await hiddenStates(session, [trialIds], mask).catch(() => undefined),
  ];
  return given?.length === expected.length && given.every((value, at) => value === expected[at]);
}

/** The least that a vector beside others must be like the one that it is alone. */
const leastCosine = 0.999_99;

/** Whether a text's vector does not depend on which others are in its run: dynamic int8 scales all by the largest among them. */
async function isIndependent(
  session: InferenceSession,
  manifest: EmbedderStart['manifest'],
): Promise<boolean> {
  const mates = [64, 7, 23].map((length, row) =>
    Int32Array.from({ length }, (_, at) => 100 + ((row * 31 + at * 7) % 800)),
  );
  try {
    const together = await pooledRows(session, mates, ownMask, manifest);
    for (const [row, ids] of mates.entries()) {
      const [alone] = await pooledRows(session, [ids], wholeMask, manifest);
      if (!(cosine(alone!, together[row]!) >= leastCosine)) return false;
    }
    return true;
  } catch {
    return false; // a graph may take one text only
  }
}

function cosine(one: Float32Array, other: Float32Array): number {
  let [dot, ones, others] = [0, 0, 0];
  for (const [at, value] of one.entries()) {
    dot += value * other[at]!;
    ones += value * value;
    others += other[at]! * other[at]!;
  }
  return dot / Math.sqrt(ones * others);
}

async function pooledRows(
  session: InferenceSession,
  texts: readonly Int32Array[],
  mask: Mask,
  manifest: EmbedderStart['manifest'],
): Promise<Float32Array[]> {
  const hidden = await hiddenStates(session, texts, mask);
  const rowSize = hidden.length / texts.length;
  return texts.map(({ length }, row) =>
    pool(hidden.subarray(row * rowSize, row * rowSize + length * manifest.dims), manifest.dims, manifest),
  );
}

/** Row-major: of each text, of each of its tokens and of what it is padded with, `dims` numbers. */
async function hiddenStates(
  session: InferenceSession,
  texts: readonly Int32Array[],
  mask: Mask,
): Promise<Float32Array> {
  const lengths = texts.map(({ length }) => length);
  const columns = Math.max(...lengths);
  // What a text is padded with is [PAD], 0 in every BERT vocabulary.
  const ids = new BigInt64Array(texts.length * columns);
  for (const [row, text] of texts.entries()) ids.set(BigInt64Array.from(text, BigInt), row * columns);
  const outputs = await session.run({
    input_ids: matrix(ids, texts.length),
    attention_mask: mask(lengths, columns),
    token_type_ids: matrix(new BigInt64Array(ids.length), texts.length),
  });
  return floatsOf(outputs[session.outputNames[0]!]!);
}

/** A model in half precision may give half precision. */
function floatsOf({ data, type }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type !== 'float16') throw new Error(`the model gives ${type}, not float32 or float16`);
  const { buffer, byteOffset, length } = data as Uint16Array<ArrayBuffer>;
  return new Float32Array(new Float16Array(buffer, byteOffset, length));
}

const matrix = (values: BigInt64Array, rows: number): Tensor =>
  new Tensor('int64', values, [rows, values.length / rows]);
