import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bundleProgram, until, type BundledProgram } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noOwnRedis, OwnRedis } from '../testing/own-redis.ts';
import { BullWorkQueue } from './bull-work-queue.ts';

const kills = 6;
const patienceMs = 30_000;

describe('a work queue among killings with -9', () => {
  let redis: OwnRedis;
  let folder: string;
  let program: BundledProgram;
  const children: ChildProcess[] = [];
  const queues: BullWorkQueue[] = [];

  beforeEach(async (context) => {
    if (noOwnRedis) return context.skip(noOwnRedis);
    // With everysec Redis answers before it has written whenever the disk is slow to sync (it waits up to 2 s).
    redis = await OwnRedis.start('--appendfsync', 'always', '--maxmemory-policy', 'noeviction');
    folder = await mkdtemp(join(tmpdir(), 'millrace-crash-'));
    await appendFile(notes(), '');
    program = await bundleProgram(new URL('./queue-program.ts', import.meta.url));
  });
  afterEach(async () => {
    if (noOwnRedis) return;
    await Promise.all(children.splice(0).map(kill));
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
    await redis.stop();
    await program.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const notes = (): string => join(folder, 'notes');
  const run = async (name: string): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [program.file, redis.url, notes(), name], { stdio: 'inherit' });
    children.push(child);
    await until(async () => expect(await acknowledged(name)).not.toEqual([]), patienceMs);
    return child;
  };
  const told = async (what: string): Promise<string[]> => {
    const lines = (await readFile(notes(), 'utf8')).split('\n').map((line) => line.split(' '));
    return lines.filter(([kind]) => kind === what).map(([, id = '']) => id);
  };
  const acknowledged = async (name: string): Promise<string[]> =>
    (await told('acknowledged')).filter((id) => id.startsWith(`${name}:`));
  const workOff = async (): Promise<string[]> => {
    const queue = new BullWorkQueue({ url: redis.url, retryPauseMs: 20 });
    queues.push(queue);
    const handled: string[] = [];
    await queue.work('crash', {
      concurrency: 16,
      leaseMs: 1_000,
      handler: async ({ id }) => void handled.push(id),
      onFailure: async () => ({ action: 'discard' }),
    });
    const empty = { runnable: 0, inflight: 0, delayed: 0 };
    await until(async () => expect(await queue.depth('crash')).toMatchObject(empty), patienceMs);
    return [...(await told('handled')), ...handled];
  };

  it('runs every job it acknowledged, and hardly any twice, when its processes are killed', async () => {
    for (let n = 0; n < kills; n++) {
      const child = await run(`run${n}`);
      await pause(20 + Math.random() * 250);
      await kill(child);
    }
    const handled = await workOff();
    expect((await told('acknowledged')).length).toBeGreaterThan(kills);
    expect(missing(await told('acknowledged'), handled)).toEqual([]);
    expect(handled.length - new Set(handled).size).toBeLessThan(kills * 16);
  });

  it('runs every job it acknowledged when Redis is killed', async () => {
    const child = await run('run');
    for (let n = 0; n < kills; n++) {
      await pause(50 + Math.random() * 200);
      await redis.kill();
      await pause(50);
      await redis.restart();
      const before = (await acknowledged('run')).length;
      await until(async () => expect((await acknowledged('run')).length).toBeGreaterThan(before), patienceMs);
    }
    await kill(child);
    expect(missing(await told('acknowledged'), await workOff())).toEqual([]);
  });

  it('goes on when Redis is flushed empty in the middle, with workers that never stopped', async () => {
    const child = await run('run');
    for (let n = 0; n < 5; n++) {
      await pause(100);
      await redis.flush();
      const before = new Set(await told('handled'));
      await until(
        async () => expect((await told('handled')).length).toBeGreaterThan(before.size + 20),
        patienceMs,
      );
    }
    expect(child.exitCode).toBeNull();
  });

  it('is unhealthy, and says why once, when Redis may drop jobs', async () => {
    await redis.ask((client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    const warnings: string[] = [];
    const onWarning = (message: string): void => void warnings.push(message);
    const queue = new BullWorkQueue({ url: redis.url, onWarning });
    queues.push(queue);
    expect([await queue.healthy(), await queue.healthy()]).toEqual([false, false]);
    expect(warnings).toEqual([expect.stringContaining('noeviction')]);
  });

  it('says that the memory of Redis is full', async () => {
    await redis.ask((client) => client.config('SET', 'maxmemory', '1'));
    const queue = new BullWorkQueue({ url: redis.url });
    queues.push(queue);
    const failure = queue.enqueue('crash', [{ id: 'a', data: null }]);
    await expect(failure).rejects.toMatchObject({
      code: 'dependency_unavailable',
      detail: 'Redis: its memory is full',
    });
  });
});

const missing = (acknowledged: readonly string[], handled: readonly string[]): string[] => {
  const known = new Set(handled);
  return acknowledged.filter((id) => !known.has(id));
};

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
