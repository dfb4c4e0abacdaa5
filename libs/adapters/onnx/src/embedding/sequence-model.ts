import { Tensor, type InferenceSession } from 'onnxruntime-node';
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
    private readonly manifest: EmbedderStart['manifest'],
  ) {}

  static async open({ file, providers, manifest }: EmbedderStart): Promise<SequenceModel> {
    const { session, provider } = await openSession(file, providers, (trial) =>
      hiddenStates(trial, trialIds),
    );
    return new SequenceModel(session, provider, manifest);
  }

  async embed(ids: Int32Array): Promise<Float32Array> {
    return pool(await hiddenStates(this.session, ids), this.manifest.dims, this.manifest);
  }
}

/** Anything long enough to touch every kernel: 64 times `[UNK]`. */
const trialIds = new Int32Array(64).fill(100);

async function hiddenStates(session: InferenceSession, ids: Int32Array): Promise<Float32Array> {
  const row = (values: BigInt64Array): Tensor => new Tensor('int64', values, [1, ids.length]);
  const outputs = await session.run({
    input_ids: row(BigInt64Array.from(ids, BigInt)),
    attention_mask: row(new BigInt64Array(ids.length).fill(1n)),
    token_type_ids: row(new BigInt64Array(ids.length)),
  });
  const hidden = outputs[session.outputNames[0]!]!;
  return hidden.data as Float32Array;
}
