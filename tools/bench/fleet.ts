import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { modelsDir } from './index-access.ts';

interface Ready {
  readonly url: string;
  readonly key: string;
}

/** And the process that the services descend from. */
type RunningFleet = Ready & { readonly pid: number };

export interface FleetOptions {
  /** Processes of a service; one of each that is not named. */
  readonly replicas?: Readonly<Record<string, number>>;
  /** For all processes. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a process for each service, as an installation of its own on the engines that are up; uses it; removes it. */
export async function withFleet<T>(
  options: FleetOptions,
  use: (fleet: RunningFleet) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-'));
  const child = fork('tools/distributed/main.mjs', argumentsOf(dir, options), {
    // kafkajs 2.2 asks for a pause until a time that is past: harmless.
    execArgv: ['--disable-warning=TimeoutNegativeWarning'],
    env: { ...process.env, MILLRACE_MODELS_DIR: modelsDir },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    return await use({ ...(await readiness(child)), pid: child.pid! });
  } finally {
    await ended(child);
    await rm(dir, { recursive: true, force: true });
  }
}

function argumentsOf(dir: string, { replicas = {}, env = {} }: FleetOptions): string[] {
  const name = basename(dir)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-');
  const settings = Object.entries({ MILLRACE_LOG_LEVEL: 'warn', ...env });
  return [
    ...['--port', '0', '--dir', dir, '--as', name, '--temporary'],
    ...Object.entries(replicas).flatMap(([service, count]) => ['--replicas', `${service}=${count}`]),
    ...settings.flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  ];
}

const readiness = (child: ChildProcess): Promise<Ready> =>
  new Promise((onReady, onExit) => {
    child.once('message', (message) => onReady(message as Ready));
    child.once('exit', (code) => onExit(new Error(`the fleet ended with code ${code} before it was ready`)));
  });

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await exited;
}
