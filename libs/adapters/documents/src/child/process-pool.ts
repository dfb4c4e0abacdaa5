import { MillraceError } from '@millrace/contracts';
import type { ParserProcess } from './parser-process.ts';

export interface PoolOptions {
  /** Throws where the system has no room for a process. */
  readonly start: () => ParserProcess;
  /** Whether it may read another file. */
  readonly isFit: (process: ParserProcess) => boolean;
  /** Processes beyond which none is started before it is needed. */
  readonly most: number;
  /** A process without a file for this long is ended while another waits for one too, in ms. */
  readonly idleMs: number;
}

/** The last process has ended, and another is to take its place: so long after, in ms; longer where none comes up. */
const restartMs = 1_000;

/** A process without a file, and what will end it. */
interface Resting {
  readonly process: ParserProcess;
  readonly timer: NodeJS.Timeout;
}

/** Keeps parser processes warm, at least one, and hands out whichever is free first. */
export class ProcessPool {
  /** Starting takes as long as reading many files: whether another one is kept ready, for whoever comes next. */
  keepsAhead = false;
  /** The one that comes last is taken first, so that those at the front are ended when there is little to do. */
  private readonly idle: Resting[] = [];
  private readonly all = new Set<ParserProcess>();
  /** Of files whose process is being started: what takes one that is free before. */
  private readonly waiting = new Set<(freed: ParserProcess) => void>();
  /** In a row. */
  private failedStarts = 0;
  private closed = false;

  constructor(private readonly options: PoolOptions) {
    this.rest(this.start());
  }

  /**
   * One that is up; else whichever is first, one that is done with its file or one that starts for this file. Rejects with
   * `cancelled`, `shutting_down`, or `dependency_unavailable` where none starts.
   */
  async take(signal?: AbortSignal): Promise<ParserProcess> {
    if (this.closed) throw new MillraceError('shutting_down');
    if (signal?.aborted) throw new MillraceError('cancelled');
    const rested = this.rested();
    const own = rested ?? this.starting() ?? this.start();
    this.startAhead(1);
    return rested ?? this.firstOf(own, signal);
  }

  /** After a file. One that is dead, worn out or grown is replaced; the next file finds the new one warm. */
  release(process: ParserProcess): void {
    const free = this.options.isFit(process) ? process : this.replace(process);
    const [take] = free?.up ? this.waiting : [];
    if (free && take) take(free);
    else if (free) this.rest(free);
  }

  /** When those who come meanwhile find a process, or the caller has gone. */
  async anotherIsUp(signal?: AbortSignal): Promise<void> {
    this.startAhead(2);
    const up = Promise.allSettled(this.idle.map(({ process }) => process.ready));
    const gone = Promise.withResolvers<void>();
    const leave = (): void => gone.resolve();
    signal?.addEventListener('abort', leave, { once: true });
    await Promise.race([up, gone.promise]).finally(() => signal?.removeEventListener('abort', leave));
  }

  /** Whether a process is up, or comes up. */
  async healthy(): Promise<boolean> {
    if (this.closed) return false;
    return Promise.any([...this.all].map(({ ready }) => ready)).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const process of this.all) process.kill('shutting_down');
    await Promise.all([...this.all].map(({ gone }) => gone));
  }

  private firstOf(own: ParserProcess, signal: AbortSignal | undefined): Promise<ParserProcess> {
    const { promise, resolve, reject } = Promise.withResolvers<ParserProcess>();
    /** False: the file has found another process, or is no longer wanted. */
    const leave = (): boolean => {
      signal?.removeEventListener('abort', cancel);
      return this.waiting.delete(take);
    };
    const take = (freed: ParserProcess): void => {
      leave();
      this.rest(own);
      resolve(freed);
    };
    const cancel = (): void => {
      leave();
      this.rest(own);
      reject(new MillraceError('cancelled'));
    };
    this.waiting.add(take);
    signal?.addEventListener('abort', cancel, { once: true });
    own.ready.then(
      () => leave() && resolve(own),
      (error: Error) => leave() && reject(error),
    );
    return promise;
  }

  /** One that nobody waits for. */
  private starting(): ParserProcess | undefined {
    const starting = this.idle.find(({ process }) => process.starting)?.process;
    if (starting) this.forget(starting);
    return starting;
  }

  private rested(): ParserProcess | undefined {
    const last = this.idle.findLast(({ process }) => process.up);
    if (last) this.forget(last.process);
    return last?.process;
  }

  private startAhead(wanted: number): void {
    const isUseful = this.keepsAhead && this.all.size < this.options.most;
    if (!this.closed && isUseful && this.idle.length < wanted) this.rest(this.startSpare());
  }

  private rest(process: ParserProcess | undefined): void {
    if (!process?.alive) return;
    const timer = setTimeout(() => this.endUnlessLast(process), this.options.idleMs).unref();
    this.idle.push({ process, timer });
  }

  /** What a rush has started takes some 150 MB; one is kept warm. */
  private endUnlessLast(process: ParserProcess): void {
    const isLast = this.idle.length < 2;
    this.forget(process);
    if (isLast) this.rest(process);
    else process.kill('internal');
  }

  /** Whoever asks for our health sends no file before there is a process. */
  private keepOne(): void {
    if (this.closed || this.all.size > 0) return;
    const process = this.startSpare();
    if (process) this.rest(process);
    else this.keepOneSoon();
  }

  private keepOneSoon(): void {
    const ms = restartMs * 2 ** Math.min(this.failedStarts, 5);
    setTimeout(() => this.keepOne(), ms).unref();
  }

  private forget(process: ParserProcess): void {
    const at = this.idle.findIndex((resting) => resting.process === process);
    for (const { timer } of at < 0 ? [] : this.idle.splice(at, 1)) clearTimeout(timer);
  }

  private replace(worn: ParserProcess): ParserProcess | undefined {
    worn.kill('internal');
    return this.closed ? undefined : this.startSpare();
  }

  /** One that nobody waits for: that there is none now harms nobody. */
  private startSpare(): ParserProcess | undefined {
    try {
      return this.start();
    } catch {
      return undefined;
    }
  }

  private start(): ParserProcess {
    const process = this.options.start();
    this.all.add(process);
    process.ready.then(
      () => (this.failedStarts = 0),
      () => this.failedStarts++,
    );
    void process.gone.then(() => {
      this.all.delete(process);
      this.forget(process);
      this.keepOneSoon();
    });
    return process;
  }
}
