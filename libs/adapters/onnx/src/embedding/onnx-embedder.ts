import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type {
  Embedded,
  Embedder,
  EmbedderHealth,
  EmbeddingModel,
  EmbedInput,
  EmbedOptions,
  Lane,
} from '@millrace/ports';
import { loadTokenizer, type Tokenizer } from '@millrace/text';
import type { CatalogueEntry, EmbeddingManifest } from '../catalogue/entry.ts';
import { embeddingModels } from '../catalogue/entries.ts';
import { requireModel } from '../catalogue/verify.ts';
import { KeepAlive } from '../process/keep-alive.ts';
import type { Provider } from '../runtime/session.ts';
import { describeModel, modelFile } from './describe-model.ts';
import { Dispatcher, type DispatchWorker } from './dispatcher.ts';
import { EmbeddingWorker } from './embedding-worker.ts';
import type { EmbedderHello, EmbedderStart } from './protocol.ts';
import { tokenizeAll } from './tokenize-all.ts';

export interface OnnxEmbedderOptions {
  readonly entry: CatalogueEntry<EmbeddingManifest>;
  /** Folder with the entry's files. */
  readonly modelDir: string;
  /** Folder URL of the bundled worker entries, ending in `/`. */
  readonly workersDir: URL;
  /** One-thread processes that take everything. Default: the processors there are, at most 4. */
  readonly workers?: number | undefined;
  /** One more process that is kept free for queries: 180 MB for a query that waits 7 ms and not 70 under load. Default true. */
  readonly queryWorker?: boolean | undefined;
  /** Execution providers in the order they are tried. Default cuda, cpu. */
  readonly providers?: readonly Provider[] | undefined;
  /** Tokens of a run of several texts, padding included; 0: one text a run. Default 0 on CPU, 16,384 on CUDA. */
  readonly paddedTokens?: Readonly<Record<Provider, number>> | undefined;
  /** Tokens that may wait per lane. Default 200,000 bulk, 50,000 interactive. */
  readonly waitingTokens?: Readonly<Record<Lane, number>> | undefined;
  /** A process that has grown by more since it was ready is replaced once it owes nothing, in MB. Default 256. */
  readonly growthMb?: number | undefined;
  /** Milliseconds that `close` waits for work under way. Default 10,000. */
  readonly drainMs?: number | undefined;
}

/** Starts that may fail in a row before waiting callers are told. */
const FAILED_STARTS = 3;
/** The longest text of most models: whoever comes waits for two of these at most, and a message takes far less time. */
const BATCH_TOKENS = 512;
/** Of a token's vector, with a copy of it. */
const bytesANumber = 8;
/** Steps by which bulk work gives way to queries, to HTTP and to the rest of the machine. */
const BULK_NICENESS = 10;

/**
 * Embeds in one-thread child processes, because a run blocks its thread and cannot be cancelled. While the model's
 * files are not there, `embed` rejects with `models_missing`; once they are, the next call starts the workers.
 */
export class OnnxEmbedder implements Embedder {
  /** The fingerprint is that of the file that is there; of the preferred one while none is. */
  model: EmbeddingModel;
  /** Since the start, whatever became of them. */
  requests = 0;
  /** Processes that were replaced because they had grown. */
  recycles = 0;
  private readonly dispatcher: Dispatcher;
  private readonly places: KeepAlive<EmbeddingWorker, EmbedderHello>[] = [];
  private readonly up = new Map<EmbeddingWorker, Provider>();
  private starting: Promise<void> | undefined;
  /** Why no worker runs. */
  private fault: MillraceError | undefined;
  /** Of the file that `model` tells of. */
  private sha256: string;
  private closing = false;

  private constructor(
    private readonly options: OnnxEmbedderOptions,
    private readonly tokenizer: Tokenizer,
  ) {
    const { waitingTokens = { interactive: 50_000, bulk: 200_000 }, entry } = options;
    this.dispatcher = new Dispatcher({ waitingTokens, batchTokens: BATCH_TOKENS });
    this.sha256 = modelFile(entry).sha256[0];
    this.model = describeModel(entry, this.sha256);
  }

  /** Resolves before the workers are ready: `health` tells, and texts wait for them. */
  static async open(options: OnnxEmbedderOptions): Promise<OnnxEmbedder> {
    const embedder = new OnnxEmbedder(options, await loadTokenizer());
    await embedder.start().catch(ignoreMissing);
    return embedder;
  }

  countTokens(texts: readonly string[]): number[] {
    return texts.map((text) => this.tokenizer.count(text) + SPECIAL_TOKENS);
  }

  async embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<Embedded> {
    this.requests++;
    if (this.closing) throw new MillraceError('shutting_down');
    if (!this.isStarted) await this.start();
    const began = performance.now();
    const ids = await this.tokenize(inputs, options);
    const tokenize = performance.now() - began;
    const { vectors, millis } = await this.dispatcher.submit(ids, options, options.signal);
    const tokens = ids.reduce((sum, { length }) => sum + length, 0);
    return { model: this.model, vectors, tokens, millis: { load: 0, tokenize, ...millis } };
  }

  /** While the model is missing, being asked makes it look again. */
  health(): EmbedderHealth {
    if (!this.isStarted && !this.closing) void this.start().catch(() => undefined);
    const workers = [...this.up.keys()];
    return {
      ready: workers.some(({ takes }) => takes === 'everything'),
      provider: [...this.up.values()][0] ?? 'none',
      workers: workers.length,
      waitingTokens: this.dispatcher.waitingTokens,
      ...(this.fault && { fault: this.fault }),
    };
  }

  /** Its files were there, and its processes are kept running since. */
  get isStarted(): boolean {
    return this.places.length > 0;
  }

  /** The processes that run now, for those who watch them. */
  get workerPids(): number[] {
    return [...this.up.keys()].flatMap(({ pid }) => pid ?? []);
  }

  /** Resident memory of each process that runs now, as it said last. */
  get workerBytes(): number[] {
    return [...this.up.keys()].map(({ bytes }) => bytes);
  }

  async close(): Promise<void> {
    this.closing = true;
    this.dispatcher.refuseNew(new MillraceError('shutting_down'));
    await Promise.race([
      this.dispatcher.drained(),
      setTimeout(this.options.drainMs ?? 10_000, null, { ref: false }),
    ]);
    this.dispatcher.refuse(new MillraceError('shutting_down'));
    await Promise.all(this.places.map((place) => place.close()));
  }

  private tokenize(
    inputs: readonly EmbedInput[],
    { kind, lane, group, truncate = false }: EmbedOptions,
  ): Promise<Int32Array[]> {
    this.dispatcher.admit({ lane, group }, 0);
    const { prefixes, maxTokens } = this.options.entry.manifest;
    const admit = (tokens: number): void => this.dispatcher.admit({ lane, group }, tokens);
    return tokenizeAll(inputs, this.tokenizer, { prefix: prefixes[kind], maxTokens, truncate, admit });
  }

  private start(): Promise<void> {
    this.starting ??= this.startOnce().finally(() => (this.starting = undefined));
    return this.starting;
  }

  private async startOnce(): Promise<void> {
    const { entry, modelDir } = this.options;
    const sha256 = await requireModel(entry, modelDir).catch((error: unknown) => {
      throw (this.fault = MillraceError.from(error));
    });
    if (this.closing) return;
    this.fault = undefined;
    this.sha256 = sha256.get(modelFile(entry).name)!;
    this.model = describeModel(entry, this.sha256);
    const { workers = Math.min(4, availableParallelism()), queryWorker = true } = this.options;
    for (let n = 0; n < workers; n++) this.addPlace('everything');
    if (queryWorker) this.addPlace('interactive');
  }

  private addPlace(takes: DispatchWorker['takes']): void {
    const { entry, modelDir, workersDir, providers = ['cuda', 'cpu'], paddedTokens } = this.options;
    const start: EmbedderStart = {
      file: join(modelDir, modelFile(entry).name),
      sha256: this.sha256,
      fuses: embeddingModels.includes(entry),
      providers,
      manifest: entry.manifest,
      paddedTokens,
      niceness: takes === 'everything' ? BULK_NICENESS : 0,
    };
    const place = new KeepAlive<EmbeddingWorker, EmbedderHello>(
      () =>
        new EmbeddingWorker(takes, new URL('embedder.js', workersDir), start, (worker) =>
          this.replaceIfGrown(worker),
        ),
      {
        up: (worker, { provider }) => this.isUp(worker, provider),
        down: (worker) => this.isDown(worker),
        failed: (times, error) => void this.hasFailed(times, error),
      },
    );
    this.places.push(place);
  }

  private isUp(worker: EmbeddingWorker, provider: Provider): void {
    this.fault = undefined;
    this.up.set(worker, provider);
    this.dispatcher.attach(worker);
  }

  private isDown(worker: EmbeddingWorker): void {
    this.up.delete(worker);
    this.dispatcher.detach(worker);
  }

  /** One at a time: its work waits for the others or, where there is none, for the next one. */
  private replaceIfGrown(worker: EmbeddingWorker): void {
    const { growthMb = 256 } = this.options;
    const inPasses = worker.runTokens * this.model.dims * bytesANumber;
    if (worker.growthBytes <= growthMb * 1024 * 1024 + inPasses || this.up.size < this.places.length) return;
    this.recycles++;
    this.isDown(worker);
    worker.retire();
  }

  private async hasFailed(times: number, cause: unknown): Promise<void> {
    if (times < FAILED_STARTS || this.up.size > 0) return;
    const fault = await this.faultBehind(cause);
    if (this.up.size > 0 || this.closing) return;
    this.fault = fault;
    this.dispatcher.refuse(fault);
  }

  /** Files that were there at the start may be gone, or others in their place. */
  private async faultBehind(cause: unknown): Promise<MillraceError> {
    const { entry, modelDir } = this.options;
    const { name } = modelFile(entry);
    try {
      const isAnother = (await requireModel(entry, modelDir)).get(name) !== this.sha256;
      return isAnother
        ? new MillraceError('models_missing', {
            detail: `${entry.name}: ${name} was replaced by another; put it back, or start again`,
          })
        : new MillraceError('dependency_unavailable', {
            detail: 'the embedding worker does not start',
            cause,
          });
    } catch (error) {
      return MillraceError.from(error);
    }
  }
}

/** [CLS] and [SEP]. */
export const SPECIAL_TOKENS = 2;

function ignoreMissing(error: unknown): void {
  if (!(error instanceof MillraceError && error.code === 'models_missing')) throw error;
}
