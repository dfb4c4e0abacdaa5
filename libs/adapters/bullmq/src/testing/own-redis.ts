import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from '@millrace/testing';
import { Redis } from 'ioredis';
import { expect } from 'vitest';

/** Why tests that kill, flush or misconfigure a Redis cannot run here; undefined when they can. */
export const noOwnRedis =
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'no redis-server: apt-get install redis-server';

/** A Redis for one test to kill, flush and misconfigure. */
export class OwnRedis {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  static async start(...settings: string[]): Promise<OwnRedis> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-redis-'));
    const redis = new OwnRedis(folder, await freePort(), settings);
    await redis.restart();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async restart(): Promise<void> {
    await until(() => {
      if (!this.runs) this.process = this.launch();
      return this.ask((redis) => redis.ping());
    }, 10_000);
  }

  /** With -9. */
  async kill(): Promise<void> {
    const gone = once(this.process!, 'exit');
    this.process!.kill('SIGKILL');
    await gone;
  }

  async flush(): Promise<void> {
    expect(await this.ask((redis) => redis.flushall())).toBe('OK');
  }

  async stop(): Promise<void> {
    if (this.runs) await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get runs(): boolean {
    return this.process?.exitCode === null && this.process.signalCode === null;
  }

  /** Ends at once where a client that tries to connect has got the port for its own end. */
  private launch(): ChildProcess {
    const kept = ['--dir', this.folder, '--save', '', '--appendonly', 'yes', '--bind', '127.0.0.1'];
    const args = ['--port', String(this.port), ...kept, ...this.settings];
    return spawn('redis-server', args, { stdio: 'ignore' });
  }

  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  }
}
