import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@millrace/testing';

/** What stands between callers and the model. */
export interface Gateway {
  readonly name: string;
  readonly base: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** The root of its processes; undefined: there is none in between. */
  readonly pid?: number;
  readonly close: () => Promise<void>;
}

interface Setup {
  readonly name: string;
  readonly program: string;
  readonly args: (port: number, folder: string) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly headers?: (model: string) => Readonly<Record<string, string>>;
  /** Files to be in its folder. */
  readonly files?: (model: string) => Readonly<Record<string, string>>;
}

const portkey = resolve('.millrace/peers/portkey/node_modules/@portkey-ai/gateway/build/start-server.js');

const setups: readonly Setup[] = [
  {
    name: 'Portkey',
    program: portkey,
    args: (port) => ['--headless', `--port=${port}`],
    // It asks no address of this machine unless told that it may.
    env: { TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost', NODE_ENV: 'production' },
    headers: (model) => ({
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': model,
      authorization: 'Bearer none',
    }),
  },
  {
    name: 'litellm',
    program: resolve('.millrace/peers/litellm/bin/litellm'),
    args: (port, folder) => [
      ...['--config', join(folder, 'config.yaml'), '--port', String(port), '--host', '127.0.0.1'],
      ...['--num_workers', '1', '--telemetry', 'False'],
    ],
    env: {
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      LITELLM_LOG: 'ERROR',
      // None of the contenders asks for a key.
      LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: 'true',
    },
    // JSON is YAML.
    files: (model) => ({
      'config.yaml': JSON.stringify({
        model_list: [
          {
            model_name: 'paced',
            litellm_params: { model: 'openai/paced', api_base: model, api_key: 'none' },
          },
        ],
      }),
    }),
  },
];

/** What to do to have each of them measured. */
export const lackingPeers = (): string[] =>
  setups
    .filter(({ program }) => !existsSync(program))
    .map(({ name }) => `${name}: tools/bench/peers/README.md says how it is installed`);

/** Those that are installed, in front of the model at this address. */
export async function gatewayPeers(model: string, probe: object): Promise<Gateway[]> {
  const peers: Gateway[] = [];
  for (const setup of setups.filter(({ program }) => existsSync(program)))
    peers.push(await start(setup, model, probe));
  return peers;
}

/** litellm takes half a minute. In ms. */
const startTimeoutMs = 120_000;

async function start(setup: Setup, model: string, probe: object): Promise<Gateway> {
  const { name, program, args, env, headers, files } = setup;
  const folder = await mkdtemp(join(tmpdir(), 'millrace-peer-'));
  for (const [file, content] of Object.entries(files?.(model) ?? {}))
    await writeFile(join(folder, file), content);
  const port = await freePort();
  const command = program.endsWith('.js') ? [process.execPath, program] : [program];
  const [executable = '', ...before] = command;
  const child = spawn(executable, [...before, ...args(port, folder)], {
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  const close = async (): Promise<void> => {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGKILL')) await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const gateway = {
    ...{ name, base: `http://127.0.0.1:${port}/v1`, pid: child.pid ?? 0, close },
    ...(headers && { headers: headers(model) }),
  };
  for (const until = performance.now() + startTimeoutMs; performance.now() < until; await pause(250)) {
    if (child.exitCode !== null) break;
    if (await answers(gateway, probe)) return gateway;
  }
  await close();
  throw new Error(`${name} does not serve: ${said}`);
}

async function answers({ base, headers }: Gateway, body: object): Promise<boolean> {
  const response = await fetch(`${base}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ ...body, stream: true }),
  }).catch(() => undefined);
  const text = await response?.text().catch(() => '');
  return text?.includes('word1') === true;
}
