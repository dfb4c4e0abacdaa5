import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { engine, enginesFolder } from '@millrace/testing';
import { Redis } from 'ioredis';
import { root } from '../harness.ts';

const main = join(root, 'tools/engines/main.mjs');
const run = promisify(execFile);

export const engineNames = ['kafka', 'redis', 'postgres', 'qdrant', 's3'] as const;
export type EngineName = (typeof engineNames)[number];

/** Ends an engine of this machine with -9, and starts it again when it was away for `awayMs`. */
export async function killEngine(name: EngineName, awayMs: number): Promise<void> {
  await run(process.execPath, [main, 'kill', '--only', name]);
  await pause(awayMs);
  await startEngine(name);
}

export const stopEngine = (name: EngineName) => run(process.execPath, [main, 'down', '--only', name]);
/** @param port the one that it had before it was stopped; without, its usual one, or that of one that was killed */
export const startEngine = (name: EngineName, port?: string) =>
  run(process.execPath, [main, 'up', '--only', name, ...(port ? ['--port', `${name}=${port}`] : [])]);

/** The folder in which an engine of this machine keeps its data when it runs natively. */
export const engineData = (name: EngineName): string => join(enginesFolder, 'data', name);

/** Takes everything out of Redis, whoever wrote it. */
export async function flushRedis(): Promise<void> {
  const redis = new Redis(engine('redis')!.url);
  try {
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
}
