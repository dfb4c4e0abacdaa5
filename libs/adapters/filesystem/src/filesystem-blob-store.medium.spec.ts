import { chmod, mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobStoreConformance } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asMillraceError } from './file-error.ts';
import { FilesystemBlobStore } from './filesystem-blob-store.ts';

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'millrace-blobs-'));
const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

blobStoreConformance('FilesystemBlobStore', async () => {
  const folder = await newFolder();
  return {
    open: () => FilesystemBlobStore.open({ folder, maxBytes: 1024 * 1024 }),
    dispose: () => remove(folder),
  };
});

describe('FilesystemBlobStore', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => remove(folder));

  const bytes = new Uint8Array([1, 2, 3]);
  const leftOvers = (): Promise<string[]> => readdir(join(folder, '.tmp'));

  it('removes what a dead process left half written, and nothing that is being written', async () => {
    await FilesystemBlobStore.open({ folder });
    for (const name of ['old', 'young']) await writeFile(join(folder, '.tmp', name), bytes);
    const longAgo = Date.now() / 1000 - 7_200;
    await utimes(join(folder, '.tmp', 'old'), longAgo, longAgo);
    await FilesystemBlobStore.open({ folder });
    expect(await leftOvers()).toEqual(['young']);
  });

  it('leaves no temporary file behind, whether it won or lost', async () => {
    const blobs = await FilesystemBlobStore.open({ folder });
    await Promise.all(Array.from({ length: 10 }, () => blobs.putIfAbsent('a/b', bytes)));
    await blobs.put('a/b', bytes);
    expect(await leftOvers()).toEqual([]);
  });

  it('does not list or give out temporary files', async () => {
    const blobs = await FilesystemBlobStore.open({ folder });
    await writeFile(join(folder, '.tmp', 'half'), bytes);
    expect(await blobs.list('')).toEqual([]);
    await expect(blobs.get('.tmp/half')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('removes folders with their last blob, but never its own', async () => {
    const blobs = await FilesystemBlobStore.open({ folder });
    await blobs.put('a/b/c', bytes);
    await blobs.put('a/d', bytes);
    await blobs.delete('a/b/c');
    expect(await readdir(join(folder, 'a'))).toEqual(['d']);
    await blobs.deleteAll('a/');
    expect(await readdir(folder)).toEqual(['.store', '.tmp']);
  });

  it('refuses a key that is a folder of others, and one below a blob', async () => {
    const blobs = await FilesystemBlobStore.open({ folder });
    await blobs.put('a/b', bytes);
    await expect(blobs.put('a', bytes)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(blobs.put('a/b/c', bytes)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await blobs.get('a')).toBeUndefined();
    expect(await blobs.get('a/b/c')).toBeUndefined();
    expect(await blobs.delete('a')).toBe(false);
    expect(await blobs.list('')).toEqual(['a/b']);
  });

  it.skipIf(process.getuid?.() === 0)('is not healthy when it cannot write', async () => {
    const blobs = await FilesystemBlobStore.open({ folder });
    await chmod(join(folder, '.tmp'), 0o500);
    expect(await blobs.healthy()).toBe(false);
    await expect(blobs.put('a', bytes)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await chmod(join(folder, '.tmp'), 0o700);
    expect(await blobs.healthy()).toBe(true);
  });

  it.each([
    ['is moved away', async () => undefined],
    ['is an empty mount point', async () => void (await mkdir(join(folder, '.tmp'), { recursive: true }))],
    ['is another store’s', async () => void (await FilesystemBlobStore.open({ folder }))],
  ])('is unavailable, not empty, while its folder %s', async (_what, leave) => {
    const blobs = await FilesystemBlobStore.open({ folder });
    await blobs.put('a/b', bytes);
    const away = `${folder}-away`;
    await rename(folder, away);
    await leave();
    const gone = { code: 'dependency_unavailable' };
    expect(await blobs.healthy()).toBe(false);
    await expect(blobs.get('a/b')).rejects.toMatchObject(gone);
    await expect(blobs.put('a/c', bytes)).rejects.toMatchObject(gone);
    await expect(blobs.putIfAbsent('a/c', bytes)).rejects.toMatchObject(gone);
    await expect(blobs.delete('a/b')).rejects.toMatchObject(gone);
    await expect(blobs.list('')).rejects.toMatchObject(gone);
    await remove(folder);
    await rename(away, folder);
    expect(await blobs.get('a/b')).toEqual(bytes);
    expect(await blobs.get('a/c')).toBeUndefined();
    expect(await blobs.healthy()).toBe(true);
  });

  it('says storage_full when the disk is', () => {
    const full = Object.assign(new Error('write failed'), { code: 'ENOSPC' });
    expect(asMillraceError(full)).toMatchObject({ code: 'storage_full', cause: full });
  });
});
