import { ChildWorker } from '../process/child-worker.ts';
import type { DispatchWorker } from './dispatcher.ts';
import type { EmbedderHello, EmbedderReply, EmbedderRequest, EmbedderStart } from './protocol.ts';

const START_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 60_000;

/** A child process that embeds, as the dispatcher wants it: ids go out in one array, vectors come back in one. */
export class EmbeddingWorker
  extends ChildWorker<EmbedderStart, EmbedderHello, EmbedderRequest, EmbedderReply>
  implements DispatchWorker
{
  /** Resident memory, as it said last; 0 while it is being started. */
  bytes = 0;
  runTokens = 0;
  private readonly dims: number;
  private bytesWhenReady = Infinity;

  constructor(
    readonly takes: DispatchWorker['takes'],
    entry: URL,
    start: EmbedderStart,
    /** Called after each answer. */
    private readonly answered: (worker: EmbeddingWorker) => void,
  ) {
    super({ entry, start, startTimeoutMs: START_TIMEOUT_MS, answerTimeoutMs: ANSWER_TIMEOUT_MS });
    this.dims = start.manifest.dims;
    void this.ready.then(
      ({ bytes, runTokens }) => {
        this.bytes = this.bytesWhenReady = bytes;
        this.runTokens = runTokens;
      },
      () => undefined,
    );
  }

  /** Memory that it has taken since it was ready. */
  get growthBytes(): number {
    return this.bytes - this.bytesWhenReady;
  }

  async run(texts: readonly Int32Array[]): Promise<Float32Array[]> {
    const lengths = texts.map(({ length }) => length);
    const { vectors, bytes } = await this.request({ ids: join(texts), lengths });
    this.bytes = bytes;
    this.answered(this);
    // Copies, so that one vector that is kept does not keep the whole message.
    return texts.map((_, row) => vectors.slice(row * this.dims, (row + 1) * this.dims));
  }
}

function join(texts: readonly Int32Array[]): Int32Array {
  const ids = new Int32Array(texts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const text of texts) {
    ids.set(text, at);
    at += text.length;
  }
  return ids;
}
