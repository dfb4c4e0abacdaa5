import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isBuiltFrom, sourcesDigest, stampBuild } from './build-stamp.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-stamp-'));
  for (const name of ['apps/a', 'libs', 'tools', 'dist'])
    await mkdir(join(folder, name), { recursive: true });
  for (const name of ['apps/a/main.ts', 'package-lock.json', 'tsconfig.base.json', 'tsconfig.json'])
    await writeFile(join(folder, name), name);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('knows a build of the same sources, and none before the first', async () => {
  const digest = await sourcesDigest(folder);
  expect(await isBuiltFrom(digest, folder)).toBe(false);
  await stampBuild(digest, folder);
  expect(await isBuiltFrom(await sourcesDigest(folder), folder)).toBe(true);
});

it.each([
  ['changed', () => writeFile(join(folder, 'apps/a/main.ts'), 'something else')],
  ['added', () => writeFile(join(folder, 'libs/new.ts'), '')],
  ['removed', () => rm(join(folder, 'apps/a/main.ts'))],
])('sees that a file was %s', async (_, change) => {
  const before = await sourcesDigest(folder);
  await change();
  expect(await sourcesDigest(folder)).not.toBe(before);
});
