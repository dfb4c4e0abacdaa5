import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { unprivileged } from '../testing/unprivileged.ts';
import { fileBlob } from './file-blob.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-blob-'));
  await chmod(folder, 0o755);
  return () => rm(folder, { recursive: true, force: true });
});

describe('a file to send', () => {
  it('is refused with the reason when it cannot be read, before anything is sent', async () => {
    const path = join(folder, 'secret');
    await writeFile(path, 'text', { mode: 0o000 });
    await expect(unprivileged(() => fileBlob(path))).rejects.toThrow('You have no permission to read it.');
    await expect(fileBlob(join(folder, 'nix'))).rejects.toThrow('It is not there.');
    await expect(fileBlob(folder)).rejects.toThrow('It is no file.');
    await expect(fileBlob(join(folder, 'n'.repeat(300)))).rejects.toThrow('(ENAMETOOLONG)');
  });
});
