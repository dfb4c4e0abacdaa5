import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverEnvironment, serverOptions } from '../toolchain/server-options.mjs';
import { modelsDir } from './index-access.ts';

interface Ready {
  readonly url: string;
}

/** A Millrace of its own for one measurement: all services in one process, a free port, a data folder that goes with it. */
export class MeasuredServer {
  private constructor(
    readonly url: string,
    readonly dataDir: string,
    private readonly child: ChildProcess,
  ) {}

  /** @param prepare fills the data folder before the start */
  static async start(
    env: Readonly<Record<string, string>> = {},
    prepare?: (dataDir: string) => Promise<void>,
  ): Promise<MeasuredServer> {
    const dataDir = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
    await prepare?.(dataDir);
    const child = fork('dist/apps/standalone/main.js', [], {
      execArgv: serverOptions,
      env: {
        ...serverEnvironment,
        PATH: process.env['PATH'],
        MILLRACE_PORT: '0',
        MILLRACE_DATA_DIR: dataDir,
        MILLRACE_MODELS_DIR: modelsDir,
        MILLRACE_LOG_LEVEL: 'warn',
        ...env,
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const { url } = await new Promise<Ready>((onReady, onExit) => {
      child.once('message', (message) => onReady(message as Ready));
      child.once('exit', (code) =>
        onExit(new Error(`the server ended with code ${code} before it was ready`)),
      );
    });
    return new MeasuredServer(url, dataDir, child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    await this.halt();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private async halt(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await exited;
  }
}

/** Starts a server, uses it, stops it. */
export async function withServer<T>(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly prepare?: (dataDir: string) => Promise<void>;
  },
  use: (server: MeasuredServer) => Promise<T>,
): Promise<T> {
  const server = await MeasuredServer.start(options.env, options.prepare);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}
