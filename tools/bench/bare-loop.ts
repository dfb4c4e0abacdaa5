import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { withFusedAttention } from '@millrace/adapters/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { startRole } from './roles.ts';

/** As it was published, with a whole mask; or rewritten and with a short mask, as the product runs it. */
export type Graph = 'published' | 'rewritten';

/** What one process works on: the model, and token ids with their special tokens. */
interface Share {
  readonly file: string;
  readonly graph: Graph;
  readonly sequences: readonly Int32Array[];
  /** As the product's own bulk workers have it, so that a busy machine treats both alike. */
  readonly niceness: number;
}

export interface LoopResult {
  readonly seconds: number;
  readonly tokens: number;
}

const niceness = 10;

/**
 * The least that embedding these sequences takes: one-thread processes that hold all their input and do nothing but
 * run the model, one sequence a run. Loading is not counted.
 */
export async function bareLoop(
  file: string,
  sequences: readonly Int32Array[],
  workers: number,
  graph: Graph = 'published',
): Promise<LoopResult> {
  const children = Array.from({ length: workers }, () => startRole('bare-loop'));
  try {
    children.forEach((child, worker) =>
      child.send({
        file,
        graph,
        niceness,
        sequences: sequences.filter((_, i) => i % workers === worker),
      } satisfies Share),
    );
    await Promise.all(children.map((child) => once(child, 'message')));
    const began = performance.now();
    for (const child of children) child.send('go');
    await Promise.all(children.map((child) => once(child, 'message')));
    const tokens = sequences.reduce((sum, { length }) => sum + length, 0);
    return { seconds: (performance.now() - began) / 1000, tokens };
  } finally {
    for (const child of children) child.kill();
  }
}

/** One process of it: takes its share, says when it is loaded, waits for the word, says when it is done. */
export async function runBareLoop(): Promise<void> {
  const [share] = (await once(process, 'message')) as [Share];
  setPriority(share.niceness);
  const options: InferenceSession.SessionOptions = {
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    enableMemPattern: false,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  const published = await readFile(share.file);
  const graph = share.graph === 'published' ? published : withFusedAttention(published);
  if (!graph) throw new Error(`the graph of ${share.file} is not one that can be rewritten`);
  const session = await InferenceSession.create(graph, options);
  const run = (ids: Int32Array) => session.run(inputs(ids, share.graph === 'published' ? ids.length : 1));
  const [first] = share.sequences;
  if (first) await run(first);
  process.send?.('loaded');
  await once(process, 'message');
  for (const ids of share.sequences) await run(ids);
  process.send?.('done');
}

function inputs(ids: Int32Array, maskLength: number): Record<string, Tensor> {
  const row = (values: BigInt64Array) => new Tensor('int64', values, [1, values.length]);
  return {
    input_ids: row(BigInt64Array.from(ids, BigInt)),
    attention_mask: row(new BigInt64Array(maskLength).fill(1n)),
    token_type_ids: row(new BigInt64Array(ids.length)),
  };
}
