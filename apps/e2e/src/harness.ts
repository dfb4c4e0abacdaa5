import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Where `npm test` and `npm start` keep the model files. */
export const modelsDir = process.env['MILLRACE_MODELS_DIR'] ?? join(root, '.millrace', 'models');

export interface ServerOptions {
  /** Kept between starts when given; else temporary and removed on stop. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The built app to run, by its folder in `dist/apps`. */
  readonly app?: string;
}

const startTimeoutMs = 60_000;

/** The product as a user runs it: a process of its own, on a free port, with a data folder. */
export class Server {
  /** Log lines so far, parsed. */
  readonly logs: Record<string, unknown>[] = [];
  private readonly errors: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly exit: Promise<number | null>,
    readonly dataDir: string,
    private readonly temporary: boolean,
    public url = '',
  ) {}

  static async start(options: ServerOptions = {}): Promise<Server> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'millrace-e2e-')));
    const main = join(root, 'dist/apps', options.app ?? 'standalone', 'main.js');
    const child = spawn(process.execPath, ['--enable-source-maps', main], {
      cwd: dataDir,
      env: {
        PATH: process.env['PATH'],
        MILLRACE_PORT: '0',
        MILLRACE_DATA_DIR: dataDir,
        MILLRACE_MODELS_DIR: modelsDir,
        MILLRACE_LOG_FORMAT: 'json',
        MILLRACE_CHECK_RESPONSES: 'true',
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const server = new Server(child, exit, dataDir, options.dataDir === undefined);
    await server.ready();
    return server;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Asks it to drain and end; the exit code. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    const code = await this.exit;
    if (this.temporary) await rm(this.dataDir, { recursive: true, force: true });
    return code;
  }

  /** As a power cut would: no signal handler runs. Its child processes die with the pipe to it. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }

  private async ready(): Promise<void> {
    createInterface({ input: this.child.stderr! }).on('line', (line) => this.errors.push(line));
    const lines = createInterface({ input: this.child.stdout! });
    const ready = new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        const entry = parse(line);
        this.logs.push(entry);
        if (entry['msg'] !== 'ready') return;
        this.url = String(entry['url']);
        resolve();
      });
    });
    const failed = this.exit.then((code) =>
      Promise.reject(new Error(`the server ended with ${code}: ${this.errors.join('\n')}`)),
    );
    failed.catch(() => undefined);
    await Promise.race([ready, failed, late()]);
  }
}

const late = (): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error('the server was not ready in time')), startTimeoutMs).unref();
  });

const parse = (line: string): Record<string, unknown> => {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { msg: line };
  }
};
