import { readFile } from 'node:fs/promises';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { withFusedAttention } from '../graph/fuse-attention.ts';
import { openSession, type Provider } from '../runtime/session.ts';
import { pool } from './pooling.ts';
import type { EmbedderStart } from './protocol.ts';

/**
 * A BERT-like encoder, one sequence a run: on CPU no batch is faster, and a text's int8 vector must not depend on
 * its batch-mates (microsoft/onnxruntime#10111).
 */
export class SequenceModel {
  private constructor(
    private readonly session: InferenceSession,
    readonly provider: Provider,
    private readonly mask: Mask,
    private readonly manifest: EmbedderStart['manifest'],
  ) {}

  static async open({ file, fuses, providers, manifest }: EmbedderStart): Promise<SequenceModel> {
    const fused = fuses ? withFusedAttention(await readFile(file)) : undefined;
    const { session, provider } = await openSession(fused ?? file, providers, (trial) =>
      hiddenStates(trial, trialIds, wholeMask),
    );
    const given = (await hiddenStates(session, trialIds, wholeMask)).length / trialIds.length;
    if (given !== manifest.dims)
      throw new Error(`${file} gives ${given} numbers a token, and its description says ${manifest.dims}`);
    const isSame = await givesTheSame(session, shortMask);
    return new SequenceModel(session, provider, isSame ? shortMask : wholeMask, manifest);
  }

  async embed(ids: Int32Array): Promise<Float32Array> {
    return pool(await hiddenStates(this.session, ids, this.mask), this.manifest.dims, this.manifest);
  }
}

/** Anything long enough to touch every kernel: 64 times `[UNK]`. */
const trialIds = new Int32Array(64).fill(100);

/** Which tokens count, for a sequence of this length: all. */
type Mask = (length: number) => Tensor;

const wholeMask: Mask = (length) => row(new BigInt64Array(length).fill(1n));
/**
 * One value that stands for all tokens by ONNX's rules of broadcasting. With a whole mask, every attention score has a
 * number of its own added: a 14th of the time of the models here.
 */
const shortMask: Mask = () => row(BigInt64Array.of(1n));

/** Whether a mask gives what the whole one gives, to the bit: a graph need not broadcast it. */
async function givesTheSame(session: InferenceSession, mask: Mask): Promise<boolean> {
  const [expected, given] = [
    await hiddenStates(session, trialIds, wholeMask),
    await hiddenStates(session, trialIds, mask).catch(() => undefined),
  ];
  return given?.length === expected.length && given.every((value, at) => value === expected[at]);
}

async function hiddenStates(session: InferenceSession, ids: Int32Array, mask: Mask): Promise<Float32Array> {
  const outputs = await session.run({
    input_ids: row(BigInt64Array.from(ids, BigInt)),
    attention_mask: mask(ids.length),
    token_type_ids: row(new BigInt64Array(ids.length)),
  });
  const hidden = outputs[session.outputNames[0]!]!;
  return hidden.data as Float32Array;
}

const row = (values: BigInt64Array): Tensor => new Tensor('int64', values, [1, values.length]);
