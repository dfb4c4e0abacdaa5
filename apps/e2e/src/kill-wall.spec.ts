import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { KillWall } from './kill-wall.ts';

it(
  'loses, doubles, mixes and resurrects nothing when it is killed at random moments',
  { timeout: 300_000 },
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'millrace-kill-'));
    try {
      const seed = Date.now() % 1_000_000;
      const result = await new KillWall({
        ...{ documents: 60, kills: 6, pushers: 4, seed },
        ...{ profile: 'standalone', dataDir },
      }).run();
      expect.soft(result.searches, `seed ${seed}`).toBeGreaterThan(0);
      expect(result, `seed ${seed}`).toMatchObject({
        lost: [],
        duplicated: [],
        mixed: [],
        resurrected: [],
        unfinished: [],
      });
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);
