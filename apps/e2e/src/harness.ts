import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { Client } from './client.ts';

/** The checkout. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Where `npm test` and `npm start` keep the model files. */
export const modelsDir = process.env['MILLRACE_MODELS_DIR'] ?? join(root, '.millrace', 'models');

export type Profile = 'standalone' | 'distributed';

/** The one that a suite is about. */
export const suiteProfile: Profile =
  process.env['MILLRACE_E2E_PROFILE'] === 'distributed' ? 'distributed' : 'standalone';

export interface ServerOptions {
  /** Where it keeps its data. Default: a new folder. */
  readonly dataDir?: string;
  /** Whether its data outlive it. Default: when their folder was given. */
  readonly keep?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the one that the suite is about. */
  readonly profile?: Profile;
  /** Processes of a service, or of the gateway, in the distributed profile. Default: one of each. */
  readonly replicas?: Readonly<Record<string, number>>;
}

/** How one profile is started, and when it says that it is ready. */
interface Launch {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** A process of the distributed profile. */
export interface Member {
  readonly name: string;
  readonly app: string;
  readonly port: number;
  readonly pid: number;
}

/** The product is started a hundred times: what V8 has compiled once is read, which is a quarter of the processor time of a start. */
export const nodeEnvironment = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
};

const adminKey = 'MILLRACE_ADMIN_KEY';

const common = {
  MILLRACE_MODELS_DIR: modelsDir,
  MILLRACE_LOG_FORMAT: 'json',
  MILLRACE_CHECK_RESPONSES: 'true',
};

/** One process that does everything. */
const standalone = (dataDir: string, env: ServerOptions['env']): Launch => ({
  args: ['--enable-source-maps', join(root, 'dist/apps/standalone/main.js')],
  env: { ...common, MILLRACE_PORT: '0', MILLRACE_DATA_DIR: dataDir, ...env },
  timeoutMs: 60_000,
});

/** A process for each service, on engines that are up, as an installation of its own. */
function distributed(dataDir: string, { env, replicas = {} }: ServerOptions, temporary: boolean): Launch {
  const { [adminKey]: key = 'mr_e2e-distributed', ...settings } = { ...common, ...env };
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const place = [
    '--port',
    '0',
    '--dir',
    dataDir,
    '--as',
    installationIn(dataDir),
    ...(temporary ? ['--temporary'] : []),
    ...Object.entries(replicas).flatMap(([name, count]) => ['--replicas', `${name}=${count}`]),
  ];
  return {
    args: [join(root, 'tools/distributed/main.mjs'), ...place, ...set],
    env: { [adminKey]: key, MILLRACE_MODELS_DIR: modelsDir, ...enginesOf(process.env) },
    timeoutMs: 110_000,
  };
}

/** What an installation is called on the engines. */
const installationIn = (dataDir: string): string =>
  basename(dataDir)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-');

const enginesOf = ({ MILLRACE_ENGINES, HOME }: NodeJS.ProcessEnv): Record<string, string> => ({
  ...(MILLRACE_ENGINES && { MILLRACE_ENGINES }),
  ...(HOME && { HOME }),
});

/** The product as a user runs it, from outside: on a free port, with a data folder. */
export class Server {
  /** Log lines so far, parsed. */
  readonly logs: Record<string, unknown>[] = [];
  url = '';
  private readonly errors: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly exit: Promise<number | null>,
    private readonly profile: Profile,
    private readonly dir: string,
    private readonly isTemporary: boolean,
    /** The key that may do everything, where one is set. */
    readonly key: string | undefined,
  ) {}

  static async start(options: ServerOptions = {}): Promise<Server> {
    const { dataDir, keep, env, profile = suiteProfile } = options;
    const isTemporary = !(keep ?? dataDir !== undefined);
    const dir = dataDir ?? (await mkdtemp(join(tmpdir(), 'millrace-e2e-')));
    const launch = profile === 'distributed' ? distributed(dir, options, isTemporary) : standalone(dir, env);
    const child = spawn(process.execPath, launch.args, {
      cwd: dir,
      env: { ...nodeEnvironment, ...launch.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const server = new Server(child, exit, profile, dir, isTemporary, launch.env[adminKey]);
    await server.ready(launch.timeoutMs);
    return server;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Speaks with the key that may do everything unless given another. */
  client(key = this.key): Client {
    return new Client(this.url, key);
  }

  /** The same at another of its addresses. */
  at(url: string): Client {
    return new Client(url, this.key);
  }

  /** The same for those who have OpenAI's client. */
  openai(): OpenAI {
    return new OpenAI({ baseURL: `${this.url}/v1`, apiKey: this.key ?? 'unused', maxRetries: 0 });
  }

  /** Its name on the engines, where it runs on some. */
  get installation(): string {
    return installationIn(this.dir);
  }

  /** Where each process answers for itself: its health, its metrics. */
  async processes(): Promise<string[]> {
    if (this.profile === 'standalone') return [this.url];
    return (await this.fleet()).map(({ port }) => `http://127.0.0.1:${port}`);
  }

  /** Of the distributed profile: one of its processes ends as in a crash, and is started again without our doing. */
  async killOne(choose: () => number): Promise<string> {
    for (;;) {
      const fleet = await this.fleet();
      const { app, pid } = fleet[Math.floor(choose() * fleet.length)]!;
      if (isKilled(pid)) return app;
      await pause(50);
    }
  }

  /** Its processes, in the distributed profile. */
  async fleet(): Promise<Member[]> {
    return JSON.parse(await readFile(join(this.dir, 'processes.json'), 'utf8')) as Member[];
  }

  /** Asks it to drain and end; the exit code. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    const code = await this.exit;
    if (this.isTemporary) await rm(this.dir, { recursive: true, force: true });
    return code;
  }

  /** As a power cut would: no signal handler runs. Its child processes die with the pipe to it. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }

  private async ready(timeoutMs: number): Promise<void> {
    createInterface({ input: this.child.stderr! }).on('line', (line) => this.errors.push(line));
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.logs.push(parse(line)));
    const ready = new Promise<string>((resolve) => {
      this.child.on('message', (message: { url?: string }) => message.url && resolve(message.url));
    });
    const failed = this.exit.then((code) =>
      Promise.reject(new Error(`the server ended with ${code}: ${this.errors.join('\n')}`)),
    );
    failed.catch(() => undefined);
    this.url = await Promise.race([ready, failed, late(timeoutMs)]);
  }
}

/** False for one that had just ended by an earlier kill. */
function isKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

const late = (timeoutMs: number): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error('the server was not ready in time')), timeoutMs).unref();
  });

const parse = (line: string): Record<string, unknown> => {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { msg: line };
  }
};
