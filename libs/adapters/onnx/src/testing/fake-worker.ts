import { WorkerDied } from '../process/child-worker.ts';
import type { DispatchWorker } from '../embedding/dispatcher.ts';

interface Batch {
  readonly texts: readonly Int32Array[];
  readonly resolve: (vectors: Float32Array[]) => void;
  readonly reject: (error: unknown) => void;
}

/** For specs: a worker whose batches end when the test says so. A text's vector is its first id. */
export class FakeWorker implements DispatchWorker {
  readonly batches: Batch[] = [];
  /** First ids of every text it was given, in order. */
  readonly seen: number[] = [];
  /** First ids of the texts that it has computed. */
  readonly computed: number[] = [];

  constructor(
    readonly takes: DispatchWorker['takes'] = 'everything',
    readonly runTokens = 0,
    /** Called with the first ids of a batch before it has that. */
    private readonly onRun: (ids: readonly number[]) => void = () => undefined,
  ) {}

  /** First ids of what it is computing. */
  get inHand(): readonly number[] | undefined {
    return this.batches[0]?.texts.map(firstId);
  }

  run(texts: readonly Int32Array[]): Promise<Float32Array[]> {
    this.onRun(texts.map(firstId));
    this.seen.push(...texts.map(firstId));
    return new Promise((resolve, reject) => this.batches.push({ texts, resolve, reject }));
  }

  /** Answers the batch that it is computing. False when it has none. */
  finish(): boolean {
    const batch = this.batches.shift();
    this.computed.push(...(batch?.texts.map(firstId) ?? []));
    batch?.resolve(batch.texts.map((ids) => Float32Array.of(firstId(ids))));
    return batch !== undefined;
  }

  /** By what it computes or, `fromOutside`, by a signal. */
  die({ fromOutside = false } = {}): void {
    for (const [at, batch] of this.batches.entries())
      batch.reject(new WorkerDied(at === 0, { reason: 'a test', fromOutside }));
    this.batches.length = 0;
  }
}

const firstId = (ids: Int32Array): number => ids[0]!;
