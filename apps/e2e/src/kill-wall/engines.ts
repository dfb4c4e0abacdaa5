import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engine } from '@millrace/testing';
import { Redis } from 'ioredis';
import { root } from '../harness.ts';

const main = join(root, 'tools/engines/main.mjs');
const run = promisify(execFile);

export const engineNames = ['kafka', 'redis', 'postgres', 'qdrant', 's3'] as const;
export type EngineName = (typeof engineNames)[number];

/** Ends an engine of this machine with -9, and starts it again at once. */
export async function killEngine(name: EngineName): Promise<void> {
  for (const command of ['kill', 'up']) await run(process.execPath, [main, command, '--only', name]);
}

/** Takes everything out of Redis, whoever wrote it. */
export async function flushRedis(): Promise<void> {
  const redis = new Redis(engine('redis')!.url);
  try {
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
}
