import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteProfile as profile } from '../harness.ts';
import { KillWall } from './kill-wall.ts';

const way = {
  through: profile === 'standalone' ? 'http' : 'topic',
  victims: ['services'],
  flushes: 0,
} as const;

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-kill-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

it(
  'loses, doubles, mixes and resurrects nothing when it is killed at random moments',
  { timeout: 300_000 },
  async () => {
    const seed = Date.now() % 1_000_000;
    const options = { documents: 60, kills: 6, pushers: 4, seed, profile, ...way };
    const result = await new KillWall(profile === 'standalone' ? { ...options, dataDir } : options).run();
    expect.soft(result.searches, `seed ${seed}`).toBeGreaterThan(0);
    expect(result, `seed ${seed}`).toMatchObject({
      lost: [],
      duplicated: [],
      mixed: [],
      resurrected: [],
      unfinished: [],
    });
  },
);
