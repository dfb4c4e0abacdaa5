import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import {
  DrainRate,
  type Recording,
  type Transcriber,
  type TranscriberHealth,
  type Transcript,
} from '@millrace/ports';
import type { TranscriptionModels } from '../catalogue/entries.ts';
import { requireModel } from '../catalogue/verify.ts';
import { ChildWorker, WorkerDied } from '../process/child-worker.ts';
import type { Provider } from '../runtime/session.ts';
import type { TranscriberHello, TranscriberRequest, TranscriberStart } from './protocol.ts';

export interface OnnxTranscriberOptions extends TranscriptionModels {
  /** Folder with a folder for each model. */
  readonly modelsDir: string;
  /** Folder URL of the bundled worker entries, ending in `/`. */
  readonly workersDir: URL;
  /** Longest recording in seconds. Default 1,800: takes 115 MB while it is worked on. */
  readonly maxSeconds?: number | undefined;
  /** Bytes of recordings that may wait. Default 256 MB. */
  readonly waitingBytes?: number | undefined;
  /** Milliseconds without work after which the worker process (340 MB) is given up. Default 600,000. */
  readonly idleMs?: number | undefined;
  /** Milliseconds that decoding may take. Default 60,000. */
  readonly decodeTimeoutMs?: number | undefined;
  /** Execution providers in the order they are tried. Default cuda, cpu. */
  readonly providers?: readonly Provider[] | undefined;
  /** Milliseconds that `close` waits for the recording under way. Default 10,000. */
  readonly drainMs?: number | undefined;
}

const START_TIMEOUT_MS = 60_000;
/** Longest step between two signs of life: a segment, or a slice of the file. */
const SILENCE_TIMEOUT_MS = 60_000;
const MAX_CRASHES = 2;
/** Recordings give way to queries and to HTTP. */
const NICENESS = 5;

type Worker = ChildWorker<TranscriberStart, TranscriberHello, TranscriberRequest, Transcript>;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (transcript: Transcript) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Transcribes in a child process that is started at the first recording and given up when there is nothing to do.
 * One recording at a time, in the order they came; one that ends the process twice is refused.
 */
export class OnnxTranscriber implements Transcriber {
  readonly model: string;
  private readonly waiting: Waiting[] = [];
  private readonly drain = new DrainRate();
  private current: Waiting | undefined;
  private worker: Worker | undefined;
  private provider = 'none';
  private idle: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private closing = false;
  /** What the models lack; nothing when they are there. */
  private fault: MillraceError | undefined;

  private constructor(private readonly options: OnnxTranscriberOptions) {
    this.model = options.speech.name;
  }

  /** The models may still be missing: then it says so in health and at each call. */
  static async open(options: OnnxTranscriberOptions): Promise<OnnxTranscriber> {
    const transcriber = new OnnxTranscriber(options);
    await transcriber.requireModels().catch(() => undefined);
    return transcriber;
  }

  /** While a model is missing, being asked makes it look again. */
  health(): TranscriberHealth {
    const { fault, provider } = this;
    if (fault) void this.requireModels().catch(() => undefined);
    return { ready: !fault && !this.closing, provider, ...(fault && { fault }) };
  }

  /** The process that runs now, for those who watch it. */
  get workerPid(): number | undefined {
    return this.worker?.pid;
  }

  /** Also rejects with `cancelled` and `shutting_down`. */
  async transcribe({ bytes }: Recording, signal?: AbortSignal): Promise<Transcript> {
    if (this.closing) throw new MillraceError('shutting_down');
    if (signal?.aborted) throw new MillraceError('cancelled');
    this.admit(bytes.length);
    const answer = Promise.withResolvers<Transcript>();
    const waiting: Waiting = { ...answer, bytes, signal };
    const cancel = (): void => this.cancel(waiting);
    signal?.addEventListener('abort', cancel);
    this.waiting.push(waiting);
    this.running ??= this.work();
    return answer.promise.finally(() => signal?.removeEventListener('abort', cancel));
  }

  /** Refuses what waits, lets the recording under way end within `drainMs`. */
  async close(): Promise<void> {
    this.closing = true;
    for (const { reject } of this.waiting.splice(0)) reject(new MillraceError('shutting_down'));
    await Promise.race([this.running, pause(this.options.drainMs ?? 10_000, null, { ref: false })]);
    await this.giveUpWorker();
  }

  private admit(bytes: number): void {
    const { waitingBytes = 268_435_456 } = this.options;
    const waiting = this.waiting.reduce((sum, each) => sum + each.bytes.length, 0);
    if (waiting > 0 && waiting + bytes > waitingBytes)
      throw new MillraceError('queue_full', { retryAfter: this.drain.secondsFor(waiting) });
  }

  /** A run cannot be interrupted, so its process goes with it; another is quick to start. */
  private cancel(which: Waiting): void {
    const at = this.waiting.indexOf(which);
    if (at >= 0) this.waiting.splice(at, 1);
    else if (this.current === which) void this.worker?.kill();
    which.reject(new MillraceError('cancelled'));
  }

  private async work(): Promise<void> {
    clearTimeout(this.idle);
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      this.current = next;
      const began = performance.now();
      await this.attempt(next.bytes, next.signal).then(next.resolve, next.reject);
      this.drain.add(next.bytes.length, (performance.now() - began) / 1000);
    }
    this.current = undefined;
    this.running = undefined; // in the same turn as the look into the empty queue, or a recording could be left in it
    this.idle = setTimeout(() => void this.giveUpWorker(), this.options.idleMs ?? 600_000).unref();
  }

  private async attempt(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<Transcript> {
    for (let crashes = 0; ;) {
      const worker = await this.readyWorker();
      try {
        signal?.throwIfAborted();
        return await worker.request(bytes);
      } catch (error) {
        if (signal?.aborted) throw new MillraceError('cancelled', { cause: error });
        if (!(error instanceof WorkerDied)) throw error;
        this.worker = undefined;
        if (this.closing) throw new MillraceError('shutting_down', { cause: error });
        if (++crashes === MAX_CRASHES)
          throw new MillraceError('unreadable_audio', { detail: endedIt, cause: error });
      }
    }
  }

  private async readyWorker(): Promise<Worker> {
    if (!this.worker) await this.requireModels();
    if (this.closing) throw new MillraceError('shutting_down');
    const worker = (this.worker ??= this.spawn());
    try {
      this.provider = (await worker.ready).provider;
      return worker;
    } catch (cause) {
      this.worker = undefined;
      const detail = 'the transcription worker does not start';
      throw new MillraceError('dependency_unavailable', { detail, cause });
    }
  }

  private spawn(): Worker {
    const { speech, voiceActivity, modelsDir, workersDir, providers = ['cuda', 'cpu'] } = this.options;
    const { maxSeconds = 1800, decodeTimeoutMs = 60_000 } = this.options;
    const start: TranscriberStart = {
      speechDir: join(modelsDir, speech.name),
      voiceFile: join(modelsDir, voiceActivity.name, voiceActivity.files[0]!.name),
      manifest: speech.manifest,
      providers,
      limits: { maxSeconds, decodeTimeoutMs },
      niceness: NICENESS,
    };
    const worker: Worker = new ChildWorker({
      entry: new URL('transcriber.js', workersDir),
      start,
      startTimeoutMs: START_TIMEOUT_MS,
      answerTimeoutMs: SILENCE_TIMEOUT_MS,
    });
    void worker.ended.then(() => {
      if (this.worker === worker) this.worker = undefined;
    });
    return worker;
  }

  private async requireModels(): Promise<void> {
    const { speech, voiceActivity, modelsDir } = this.options;
    try {
      for (const entry of [speech, voiceActivity]) await requireModel(entry, join(modelsDir, entry.name));
      this.fault = undefined;
    } catch (error) {
      throw (this.fault = MillraceError.from(error));
    }
  }

  private async giveUpWorker(): Promise<void> {
    clearTimeout(this.idle);
    await this.worker?.kill();
  }
}

const endedIt = 'working on it ended the process twice';
