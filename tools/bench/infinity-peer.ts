import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@millrace/testing';
import { EmbeddingClient, type Load } from './embedding-client.ts';
import { modelFolder, type EmbeddingPeer } from './embedding-peers.ts';

const program = resolve('.millrace/peers/infinity/bin/infinity_emb');
const model = 'bench';
/** It loads torch, and runs the model on texts of several lengths before it serves. In ms. */
const startTimeoutMs = 180_000;

/** What to do to have it measured; undefined where it is there. */
export const lacksInfinity = (): string | undefined =>
  existsSync(program) ? undefined : 'infinity-emb: tools/bench/peers/README.md says how it is installed';

/** How infinity-emb may be set up. */
const setups = [
  { name: 'infinity-emb as it comes', tuned: false, options: [] },
  { name: 'infinity-emb tuned', tuned: true, options: ['--batch-size', '4'] },
] as const;

/**
 * infinity-emb's server on the processors that this process may use: of these it takes all.
 * @param file the model as it was published
 */
export async function infinityPeers(file: string, load: Load, signal: AbortSignal): Promise<EmbeddingPeer[]> {
  const peers: EmbeddingPeer[] = [];
  for (const { name, tuned, options } of setups) {
    const { client, close } = await serve(await modelFolder(file), options, signal);
    peers.push({ name, tuned, embedAll: (texts) => client.embedAll(texts, load), close });
  }
  return peers;
}

async function serve(folder: string, options: readonly string[], signal: AbortSignal) {
  const port = await freePort();
  const args = ['v2', '--model-id', '.', '--served-model-name', model, '--engine', 'optimum'];
  const child = spawn(
    program,
    [
      ...args,
      '--device',
      'cpu',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--url-prefix',
      '/v1',
      ...options,
    ],
    {
      env: { ...process.env, HF_HUB_OFFLINE: '1', DO_NOT_TRACK: '1', INFINITY_ANONYMOUS_USAGE_STATS: '0' },
      // It finds the file of a model only where it is started.
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const client = new EmbeddingClient(`http://127.0.0.1:${port}/v1`, model, signal);
  const close = async (): Promise<void> => {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGKILL')) await ended;
    await rm(folder, { recursive: true, force: true });
  };
  await untilServing(child, client).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { client, close };
}

async function untilServing(child: ChildProcess, client: EmbeddingClient): Promise<void> {
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  for (const until = performance.now() + startTimeoutMs; performance.now() < until; await pause(500)) {
    if (child.exitCode !== null) break;
    const isServing = await client.embed('a first text').then(
      () => true,
      () => false,
    );
    if (isServing) return;
  }
  throw new Error(`infinity-emb does not serve: ${said}`);
}
