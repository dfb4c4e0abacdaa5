import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { unprivileged } from '../testing/unprivileged.ts';
import { findFiles } from './find-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-find-'));
  await mkdir(join(folder, 'docs/deep'), { recursive: true });
  for (const name of ['docs/a.md', 'docs/deep/b.md', 'docs/.hidden', 'top.md'])
    await writeFile(join(folder, name), name);
  return () => rm(folder, { recursive: true, force: true });
});

const ids = async (paths: string[], cwd = folder, options: { prefix?: string; hidden?: boolean } = {}) =>
  (await findFiles(paths, { cwd, prefix: '', hidden: false, ...options })).files.map(({ id }) => id);

describe('the files of a push', () => {
  it('are named by their path from here, however the path was typed', async () => {
    const expected = ['docs/a.md', 'docs/deep/b.md'];
    expect(await ids(['docs'])).toEqual(expected);
    expect(await ids(['./docs/', 'docs/deep/b.md'])).toEqual(expected);
    expect(await ids([join(folder, 'docs')])).toEqual(expected);
    expect(await ids(['.'])).toEqual([...expected, 'top.md']);
  });

  it('from elsewhere are named from the folder above', async () => {
    const cwd = join(folder, 'docs/deep');
    expect(await ids(['../../docs'], cwd)).toEqual(['docs/a.md', 'docs/deep/b.md']);
    expect(await ids(['..'], cwd)).toEqual(['docs/a.md', 'docs/deep/b.md']);
    expect(await ids(['../../top.md'], cwd)).toEqual(['top.md']);
  });

  it('have the prefix before their names, and hidden ones only when asked for', async () => {
    expect(await ids(['docs'], folder, { prefix: 'v2/', hidden: true })).toEqual([
      'v2/docs/.hidden',
      'v2/docs/a.md',
      'v2/docs/deep/b.md',
    ]);
  });

  it('include linked files of the folder; links out of it, to folders and to nothing are counted', async () => {
    await symlink(join(folder, 'docs/a.md'), join(folder, 'docs/deep/link.md'));
    await symlink(join(folder, 'top.md'), join(folder, 'docs/out.md'));
    await symlink(join(folder, 'docs/out.md'), join(folder, 'docs/out-too.md'));
    await symlink(join(folder, 'docs'), join(folder, 'docs/circle'));
    await symlink(join(folder, 'nowhere'), join(folder, 'docs/broken'));
    const { files, leftOut } = await findFiles(['docs', 'docs'], {
      cwd: folder,
      prefix: '',
      hidden: false,
    });
    expect(files.map(({ id }) => id)).toEqual(['docs/a.md', 'docs/deep/b.md', 'docs/deep/link.md']);
    expect(leftOut).toBe(4);
  });

  it('are no pipes: one in a folder is counted, one that was named is refused', async () => {
    await promisify(execFile)('mkfifo', [join(folder, 'docs/pipe')]);
    expect(await findFiles(['docs'], { cwd: folder, prefix: '', hidden: false })).toMatchObject({
      leftOut: 1,
    });
    await expect(ids(['docs/pipe'])).rejects.toThrow('docs/pipe is neither a file nor a folder.');
  });

  it('are found by a link that was named itself', async () => {
    await symlink(join(folder, 'docs'), join(folder, 'linked'));
    await symlink(join(folder, 'top.md'), join(folder, 'link.md'));
    expect(await ids(['linked', 'link.md'])).toEqual(['link.md', 'linked/a.md', 'linked/deep/b.md']);
  });

  it('do not end at a folder that cannot be read: it is named, with the reason', async () => {
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'docs/locked'), { mode: 0o000 });
    const { files, unreadable } = await unprivileged(() =>
      findFiles(['docs'], { cwd: folder, prefix: 'v2/', hidden: false }),
    );
    expect(files.map(({ id }) => id)).toEqual(['v2/docs/a.md', 'v2/docs/deep/b.md']);
    expect(unreadable).toEqual([
      {
        path: join(folder, 'docs/locked'),
        name: 'v2/docs/locked',
        why: 'You have no permission to read it.',
      },
    ]);
  });

  it('must exist, and must not share an id', async () => {
    await expect(ids(['nix'])).rejects.toThrow('nix cannot be read');
    await mkdir(join(folder, 'x/docs'), { recursive: true });
    await writeFile(join(folder, 'x/docs/a.md'), 'another');
    const cwd = join(folder, 'docs/deep');
    await expect(ids([join(folder, 'docs'), join(folder, 'x/docs')], cwd)).rejects.toThrow(
      'Two files would get the id docs/a.md',
    );
  });
});
