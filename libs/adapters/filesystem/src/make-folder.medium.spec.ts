import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'millrace-folder-'));
  return () => rm(place, { recursive: true, force: true });
});

describe('a folder', () => {
  it('is made with those above it, by several at a time, and again', async () => {
    const folder = join(place, 'a/b/c');
    await Promise.all([makeFolder(folder), makeFolder(folder), makeFolder(join(place, 'a/b/d'))]);
    await makeFolder(folder);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  it('is refused where a file stands', async () => {
    await writeFile(join(place, 'file'), '');
    await expect(makeFolder(join(place, 'file'))).rejects.toThrow('EEXIST');
    await expect(makeFolder(join(place, 'file/a'))).rejects.toThrow('EEXIST');
  });

  it.skipIf(process.platform !== 'linux')('is refused at once below /proc', async () => {
    await expect(makeFolder('/proc/nope/deeper')).rejects.toThrow('ENOENT');
  });
});
