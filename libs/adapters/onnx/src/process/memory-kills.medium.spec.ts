import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryKills } from './memory-kills.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-memory-kills-'));
  return () => rm(folder, { recursive: true });
});

describe('kills for want of memory', () => {
  it('are told once each time the kernel has counted more', async () => {
    const file = join(folder, 'memory.events');
    const count = (kills: number) => writeFile(file, `oom 7\noom_kill ${kills}\noom_group_kill 0\n`);
    await count(1);
    const kills = new MemoryKills([join(folder, 'missing'), file]);
    expect(kills.haveRisen()).toBe(false);
    await count(3);
    expect([kills.haveRisen(), kills.haveRisen()]).toEqual([true, false]);
  });

  it('are counted by the container where it counts, not by the machine', async () => {
    const [own, all] = [join(folder, 'own'), join(folder, 'all')];
    await writeFile(own, 'oom_kill 0\n');
    await writeFile(all, 'oom_kill 0\n');
    const kills = new MemoryKills([own, all]);
    await writeFile(all, 'oom_kill 5\n');
    expect(kills.haveRisen()).toBe(false);
  });

  it('are none where nobody counts', () => {
    expect(new MemoryKills([join(folder, 'missing')]).haveRisen()).toBe(false);
  });
});
