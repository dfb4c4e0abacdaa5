import { once } from 'node:events';
import { setPriority } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { startRole } from './roles.ts';

/** What one process works on: the model, and token ids with their special tokens. */
interface Share {
  readonly file: string;
  readonly sequences: readonly Int32Array[];
  /** As the product's own bulk workers have it, so that a busy machine treats both alike. */
  readonly niceness: number;
}

export interface LoopResult {
  readonly seconds: number;
  readonly tokens: number;
}

const niceness = 5;

/**
 * The least that embedding these sequences takes: one-thread processes that hold all their input and do nothing but
 * run the model, one sequence a run. Loading is not counted.
 */
export async function bareLoop(
  file: string,
  sequences: readonly Int32Array[],
  workers: number,
): Promise<LoopResult> {
  const children = Array.from({ length: workers }, () => startRole('bare-loop'));
  try {
    children.forEach((child, worker) =>
      child.send({
        file,
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
  const session = await InferenceSession.create(share.file, {
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    enableMemPattern: false,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const [first] = share.sequences;
  if (first) await session.run(inputs(first));
  process.send?.('loaded');
  await once(process, 'message');
  for (const ids of share.sequences) await session.run(inputs(ids));
  process.send?.('done');
}

function inputs(ids: Int32Array): Record<string, Tensor> {
  const row = (values: BigInt64Array) => new Tensor('int64', values, [1, ids.length]);
  return {
    input_ids: row(BigInt64Array.from(ids, BigInt)),
    attention_mask: row(new BigInt64Array(ids.length).fill(1n)),
    token_type_ids: row(new BigInt64Array(ids.length)),
  };
}
