import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MillraceError } from '@millrace/contracts';
import { MemoryKills } from './memory-kills.ts';
import type { FromWorker, ToWorker } from './messages.ts';

export interface ChildOptions<Start> {
  /** The bundled entry, `dist/workers/<name>.js`. */
  readonly entry: URL;
  readonly start: Start;
  /** Milliseconds from the fork to `ready`. */
  readonly startTimeoutMs: number;
  /** Milliseconds without an answer or a sign of life while an answer is owed; then the process is taken to hang and is killed. */
  readonly answerTimeoutMs: number;
}

/**
 * The young generation's limit, in MB. A tensor is a small object that holds much memory outside the heap: with
 * Node's 32 or 64 it is let go late. More costs memory and saves no time.
 */
const YOUNG_MB = 2;

/** How a process ended. */
interface Ending {
  readonly reason: string;
  /** Somebody sent it a signal: not its parent, not the kernel, and it did not break down by itself. */
  readonly fromOutside: boolean;
}

/** The process ended before it answered. The request may or may not be why: `wasRunning` says whether it was next. */
export class WorkerDied extends Error {
  readonly fromOutside: boolean;

  constructor(
    readonly wasRunning: boolean,
    { reason, fromOutside }: Ending,
  ) {
    super(`the worker process ended: ${reason}`);
    this.fromOutside = fromOutside;
  }
}

/** What a process gets for what it does itself. */
const crashes = new Set<NodeJS.Signals>([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
]);
const memoryKills = new MemoryKills();

interface Owed<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** The parent's side of one worker process: requests are answered in the order they were made. */
export class ChildWorker<Start, Hello, Request, Reply> {
  /** Resolves once the worker has proved that it runs; rejects when it ended before. */
  readonly ready: Promise<Hello>;
  /** Resolves when the process has ended and everything it said has been read. */
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly owed = new Map<number, Owed<Reply>>();
  private nextId = 1;
  private watchdog: NodeJS.Timeout | undefined;
  private ending: Ending | undefined;
  private isRetiring = false;
  /** Its parent has ended it. */
  private isKilled = false;

  constructor(private readonly options: ChildOptions<Start>) {
    this.child = fork(fileURLToPath(options.entry), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [`--max-semi-space-size=${YOUNG_MB}`, '--expose-gc'],
    });
    const ending = this.closed();
    this.ready = new Promise((resolve, reject) => {
      this.child.on('message', (message: FromWorker<Hello, Reply>) => this.receive(message, resolve));
      void ending.then((how) => reject(new WorkerDied(false, how)));
    });
    this.ended = ending.then((how) => this.end(how));
    this.ready.catch(() => undefined);
    this.tell({ type: 'start', options: options.start });
    this.watch(options.startTimeoutMs);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Only once `ready`. Rejects with `WorkerDied`, or with the error that the worker refused the request with. */
  request(body: Request): Promise<Reply> {
    if (this.ending) return Promise.reject(new WorkerDied(false, this.ending));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.owed.set(id, { resolve, reject });
      if (this.owed.size === 1) this.watch(this.options.answerTimeoutMs);
      this.tell({ type: 'request', id, body });
    });
  }

  /** Ends the process once it owes nothing; whoever calls it makes no further requests. */
  retire(): void {
    this.isRetiring = true;
    this.endIfRetired();
  }

  /** Ends the process at once; what it still owes is rejected. */
  async kill(): Promise<void> {
    this.killNow();
    await this.ended;
  }

  private tell(message: ToWorker<Start, Request>): void {
    // A dead process is reported by `close`, not here.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private receive(message: FromWorker<Hello, Reply>, isReady: (hello: Hello) => void): void {
    clearTimeout(this.watchdog);
    if (message.type === 'ready') return isReady(message.hello);
    if (message.type === 'alive') return this.watch(this.options.answerTimeoutMs);
    const waiting = this.owed.get(message.id);
    this.owed.delete(message.id);
    if (this.owed.size > 0) this.watch(this.options.answerTimeoutMs);
    if (message.type === 'reply') waiting?.resolve(message.body);
    else waiting?.reject(new MillraceError(message.code, { detail: message.detail }));
    this.endIfRetired();
  }

  private endIfRetired(): void {
    if (this.isRetiring && this.owed.size === 0) this.killNow();
  }

  private watch(millis: number): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.killNow(), millis);
  }

  private killNow(): void {
    this.isKilled = true;
    this.child.kill('SIGKILL');
  }

  /** `close` comes after the last message; `exit` may come before it. */
  private closed(): Promise<Ending> {
    return new Promise((resolve) => {
      this.child.once('error', ({ message }) => resolve({ reason: message, fromOutside: false }));
      this.child.once('close', (code, signal) =>
        resolve({ reason: signal ?? `exit code ${code}`, fromOutside: this.isFromOutside(signal) }),
      );
    });
  }

  private isFromOutside(signal: NodeJS.Signals | null): boolean {
    if (signal === null || crashes.has(signal) || this.isKilled) return false;
    return !memoryKills.haveRisen();
  }

  private end(ending: Ending): void {
    this.ending = ending;
    clearTimeout(this.watchdog);
    let first = true;
    for (const { reject } of this.owed.values()) {
      reject(new WorkerDied(first, ending));
      first = false;
    }
    this.owed.clear();
  }
}
