import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VectorStore } from '@millrace/ports';
import { workersDir, type DurableHarness } from '@millrace/testing';
import { build } from 'esbuild';
import { entry } from '../thread/thread-harness.ts';
import { vectorStoreLimits } from './vector-store.ts';

const methods = [
  'ensureCollection',
  'drop',
  'stage',
  'publish',
  'remove',
  'search',
  'range',
  'count',
  'audit',
  'healthy',
] as const satisfies (keyof VectorStore)[];
type Method = (typeof methods)[number];

export interface HostRequest {
  readonly id: number;
  readonly method: Method;
  readonly args: unknown[];
}

export type HostReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string; readonly code: string | undefined };

/** Stores in child processes over one file, so that they can be killed as the operating system kills. */
export async function processHarness(): Promise<DurableHarness<VectorStore>> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-vectors-'));
  const host = await bundleHost();
  const children = new Map<VectorStore, ChildProcess>();
  return {
    open: async () => {
      const child = fork(host, [entry.href, join(folder, 'vectors.sqlite')], { serialization: 'advanced' });
      const store = remote(child);
      children.set(store, child);
      if (!(await store.healthy())) throw new Error('the store in the child process did not open');
      return store;
    },
    kill: (store) => end(children.get(store)!),
    dispose: async () => {
      await Promise.all([...children.values()].map(end));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Beside the bundled workers, where packages are found. */
async function bundleHost(): Promise<string> {
  const outfile = fileURLToPath(new URL('../test/vector-store-host.js', workersDir));
  const source = fileURLToPath(new URL('store-process.host.ts', import.meta.url));
  const shared = { bundle: true, platform: 'node', format: 'esm', packages: 'external' } as const;
  await build({ ...shared, entryPoints: [source], outfile });
  return outfile;
}

/** The store in the child: every call is sent there; all fail once it is dead. */
function remote(child: ChildProcess): VectorStore {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  child.on('message', (reply: HostReply) => {
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('value' in reply) call?.resolve(reply.value);
    else call?.reject(Object.assign(new Error(reply.error), { code: reply.code }));
  });
  child.on('exit', () => waiting.forEach(({ reject }) => reject(new Error('the process was killed'))));
  let next = 0;
  const call = (method: Method, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      child.send({ id, method, args } satisfies HostRequest, (error) => error && reject(error));
    });
  const proxies = methods.map((method) => [method, (...args: unknown[]) => call(method, args)] as const);
  return { limits: vectorStoreLimits, ...Object.fromEntries(proxies) } as unknown as VectorStore;
}
