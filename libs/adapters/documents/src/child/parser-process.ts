import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { MillraceError, type ErrorCode } from '@millrace/contracts';
import { outOfMemoryMark, type ChildMessage, type ParseReply, type ParseRequest } from './protocol.ts';

export interface ParserProcessOptions {
  /** The bundled `parser.worker.ts`. */
  readonly entry: URL;
  /** Memory of the whole process, in MB. */
  readonly memoryMb: number;
  /** The most time for one file, in ms. */
  readonly timeoutMs: number;
}

interface Pace {
  readonly leastMs: number;
  readonly msPerMegabyte: number;
}

/** What a file needs at worst; a small one that takes longer is made to take long. */
const patient: Pace = { leastMs: 15_000, msPerMegabyte: 45_000 };
/** What nearly every file needs. */
const hurried: Pace = { leastMs: 1_500, msPerMegabyte: 5_000 };

/** Time for a file of this size, up to the limit. In ms. */
export function timeFor(bytes: number, limitMs: number, isHurried = false): number {
  const { leastMs, msPerMegabyte } = isHurried ? hurried : patient;
  return Math.min(limitMs, leastMs + (bytes / 1_000_000) * msPerMegabyte);
}

export interface RunOptions {
  readonly isHurried?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A process that is not up after this will not come up. In ms. */
const startTimeoutMs = 30_000;
/** The rest of the memory is for buffers, code and stacks. */
const heapShare = 0.75;
/** The young generation's limit, in MB. Node's own would let garbage grow to as much as the file took. */
const youngMb = 4;
/** Of standard error, in characters: enough for V8's last words. */
const keptStderr = 4096;

/** Steps by which reading gives way to HTTP and to queries, as the models' bulk work does, which else waits for it. */
const niceness = 10;
/** Times as long as a file may take by the clock, where others have the processors meanwhile. */
const mostLate = 2.5;
/** Between two looks at the processor time of a process. */
const leastLookMs = 100;

/** A file that finds a hole in a library still finds no keys in the environment, nowhere to write, nothing to start. */
const locks = ['--permission', '--allow-fs-read=*', '--allow-worker', '--no-warnings'];

/** One child process, reading one file at a time. Once dead it stays dead. */
export class ParserProcess {
  readonly ready: Promise<void>;
  /** Settles when the process is gone, however it went. */
  readonly gone: Promise<void>;
  served = 0;
  rssBytes = 0;

  private readonly child: ChildProcess;
  private stderr = '';
  private hasStarted = false;
  private isDead = false;
  /** Why we killed it ourselves. */
  private killedFor: MillraceError | undefined;
  private settle: ((outcome: ParseReply | MillraceError) => void) | undefined;

  private constructor(private readonly options: ParserProcessOptions) {
    const { entry, memoryMb } = options;
    this.child = fork(entry, [String(memoryMb)], {
      execArgv: [
        `--max-old-space-size=${Math.floor(memoryMb * heapShare)}`,
        `--max-semi-space-size=${youngMb}`,
        ...locks,
      ],
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    giveWay(this.pid);
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-keptStderr);
    });
    this.child.on('message', (message: ChildMessage) => this.receive(message));
    this.child.on('error', () => this.strike());
    this.gone = new Promise((resolve) => this.child.once('close', resolve)).then(() => this.end());
    this.ready = this.started();
    this.ready.catch(() => undefined);
  }

  /** Throws `dependency_unavailable` where the system has no room for a process. */
  static start(options: ParserProcessOptions): ParserProcess {
    try {
      return new ParserProcess(options);
    } catch (cause) {
      throw new MillraceError('dependency_unavailable', {
        detail: 'no parser process can be started',
        cause,
      });
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get alive(): boolean {
    return !this.isDead && this.killedFor === undefined && this.child.connected;
  }

  /** By somebody else: the kernel, where memory is short, or a person. */
  get wasKilled(): boolean {
    const { signalCode } = this.child;
    return this.killedFor === undefined && (signalCode === 'SIGKILL' || signalCode === 'SIGTERM');
  }

  get starting(): boolean {
    return !this.hasStarted && this.alive;
  }

  get up(): boolean {
    return this.hasStarted && this.alive;
  }

  /** Rejects with the error table's code for whatever befell the process. */
  async run(request: ParseRequest, { isHurried, signal }: RunOptions = {}): Promise<ParseReply> {
    await this.ready;
    if (signal?.aborted) throw new MillraceError('cancelled');
    const abort = (): void => this.kill('cancelled');
    const timeMs = timeFor(request.source.bytes.byteLength, this.options.timeoutMs, isHurried);
    const stopWatching = isHurried ? this.endAfter(timeMs) : this.endAfterWorking(timeMs);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const outcome = await new Promise<ParseReply | MillraceError>((resolve) => {
        this.settle = resolve;
        if (this.isDead) return resolve(this.causeOfDeath());
        this.child.send(request, (error) => error && this.strike());
      });
      if (outcome instanceof MillraceError) throw outcome;
      return outcome;
    } finally {
      this.settle = undefined;
      stopWatching();
      signal?.removeEventListener('abort', abort);
    }
  }

  private endAfter(ms: number): () => void {
    const timer = setTimeout(() => this.kill('parse_timeout'), ms);
    return () => clearTimeout(timer);
  }

  /** Time in which it had no processor does not count: a busy machine must not make a good file a bad one. */
  private endAfterWorking(ms: number): () => void {
    const [began, before] = [performance.now(), processorMs(this.pid)];
    const look = (): void => {
      const late = performance.now() - began;
      const worked = before === undefined ? late : Math.min(late, (processorMs(this.pid) ?? before) - before);
      if (worked >= ms || late >= mostLate * ms) this.kill('parse_timeout');
      else timer = setTimeout(look, Math.min(Math.max(ms - worked, leastLookMs), mostLate * ms - late));
    };
    let timer = setTimeout(look, ms);
    return () => clearTimeout(timer);
  }

  /** What it works on fails with `code`. */
  kill(code: ErrorCode): void {
    this.killedFor ??= new MillraceError(code);
    this.strike();
  }

  /** What was never started has no number, and a signal to none would go to ourselves. */
  private strike(): void {
    if (this.pid !== undefined) this.child.kill('SIGKILL');
  }

  private receive(message: ChildMessage): void {
    if (message.kind === 'ready') {
      this.hasStarted = true;
      return;
    }
    this.served++;
    this.rssBytes = message.rssBytes;
    this.settle?.(message);
  }

  private async started(): Promise<void> {
    const timer = setTimeout(() => this.strike(), startTimeoutMs);
    try {
      await new Promise<void>((resolve) => {
        this.child.once('message', () => resolve());
        void this.gone.then(resolve);
      });
    } finally {
      clearTimeout(timer);
    }
    if (!this.hasStarted)
      throw this.killedFor ?? new MillraceError('dependency_unavailable', this.neverStarted());
  }

  private neverStarted(): { detail: string; cause: unknown } {
    return { detail: 'the parser process does not start', cause: new Error(this.stderr.trim()) };
  }

  private end(): void {
    this.isDead = true;
    this.settle?.(this.causeOfDeath());
  }

  /** V8 aborts when the heap is full; the watchdog says so before it kills; a kill from outside may not recur. */
  private causeOfDeath(): MillraceError {
    if (this.killedFor) return this.killedFor;
    if (this.stderr.includes(outOfMemoryMark) || /heap out of memory|Allocation failed/.test(this.stderr))
      return new MillraceError('parse_out_of_memory');
    if (this.wasKilled)
      return new MillraceError('dependency_unavailable', {
        detail: `the parser process got ${this.child.signalCode}`,
      });
    return new MillraceError('unreadable_document', { detail: 'the parser process crashed on it' });
  }
}

/** Where the system does not allow it, all have the processors alike. */
function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, Math.max(niceness, getPriority()));
  } catch {
    // A sandbox may forbid it.
  }
}

/** `/proc` counts hundredths of a second: USER_HZ, which Linux has fixed for programs. */
const msPerTick = 10;

/** Processor time that a process has had; undefined where the system does not say. Fields 14 and 15 of proc_pid_stat(5). */
function processorMs(pid: number | undefined): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may have blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * msPerTick;
  } catch {
    return undefined;
  }
}
