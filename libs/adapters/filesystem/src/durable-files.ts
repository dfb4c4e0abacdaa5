import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import { syncFolder, writeDurably } from './file-access.ts';
import { hasCode } from './file-error.ts';

/** A temporary file this old, in milliseconds, was left by a process that died. */
const staleMs = 3_600_000;

/** Another call may remove an empty folder while a file is on its way into it: the folder is then made again. */
const maxTries = 20;

/**
 * Files under one root that appear whole or not at all, and stay: contents and folder entries are flushed to the
 * disk before a call resolves. Folders come and go with their files. A root that was moved away, or whose volume is no
 * longer mounted, is found out by its mark: what is not there then is away, not gone.
 */
export class DurableFiles {
  /** No key begins with a dot, so this folder is in nobody's way. */
  private readonly temporary: string;
  /** Where the mark was last read: while the same file is in its place, it need not be read again. */
  private seen: string | undefined;

  private constructor(
    private readonly root: string,
    private readonly mark: string,
  ) {
    this.temporary = join(root, '.tmp');
  }

  static async open(root: string): Promise<DurableFiles> {
    await mkdir(root, { recursive: true });
    const files = new DurableFiles(root, await markOf(root));
    await mkdir(files.temporary, { recursive: true });
    await files.removeStale();
    return files;
  }

  /** Rejects with `dependency_unavailable` when the root is not the one that was opened. */
  async assertThere(): Promise<void> {
    const path = join(this.root, markName);
    const identity = identityOf(path);
    if (identity !== undefined && identity === this.seen) return;
    if ((await orAbsent(readFile(path, 'utf8'))) !== this.mark)
      throw new MillraceError('dependency_unavailable', {
        detail: 'the folder of blobs is not the one that was opened',
      });
    this.seen = identity;
  }

  /** Puts a file there, in place of what was. */
  async replace(path: string, bytes: Uint8Array): Promise<void> {
    await this.withTemporary(bytes, (temporary) => rename(temporary, path), path);
  }

  /** False when there is something already: a hard link has one winner. */
  async create(path: string, bytes: Uint8Array): Promise<boolean> {
    if (await exists(path)) return false;
    try {
      await this.withTemporary(bytes, (temporary) => linkAway(temporary, path), path);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  /** Removes files and the folders that become empty. Returns how many were there. */
  async remove(paths: Iterable<string> | AsyncIterable<string>): Promise<number> {
    await this.assertThere();
    const folders = new Set<string>();
    let removed = 0;
    for await (const path of paths) {
      if (!(await removeFile(path))) continue;
      folders.add(dirname(path));
      removed++;
    }
    for (const folder of folders) await this.prune(folder);
    return removed;
  }

  /** Rejects when nothing can be written. */
  async probe(): Promise<void> {
    await rm(await this.writeTemporary(new Uint8Array(1)));
  }

  private async withTemporary(
    bytes: Uint8Array,
    move: (temporary: string) => Promise<void>,
    path: string,
  ): Promise<void> {
    const temporary = await this.writeTemporary(bytes);
    try {
      await this.intoFolder(dirname(path), () => move(temporary));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  private async writeTemporary(bytes: Uint8Array): Promise<string> {
    await this.assertThere();
    const path = join(this.temporary, randomUUID());
    try {
      await writeDurably(path, bytes);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return path;
  }

  private async intoFolder(folder: string, move: () => Promise<void>): Promise<void> {
    let made: string | undefined;
    for (let tries = 1; ; tries++)
      try {
        await move();
        return await flushUp(folder, made && dirname(made));
      } catch (error) {
        if (!hasCode(error, 'ENOENT') || tries === maxTries) throw error;
        made = (await mkdir(folder, { recursive: true })) ?? made;
      }
  }

  /** Removes empty folders upwards, and flushes the one that stays. */
  private async prune(folder: string): Promise<void> {
    if (folder !== this.root && (await removeFolder(folder))) return this.prune(dirname(folder));
    await flush(folder);
  }

  private async removeStale(): Promise<void> {
    for (const name of await readdir(this.temporary)) {
      const path = join(this.temporary, name);
      const age = Date.now() - ((await statOf(path))?.mtimeMs ?? Infinity);
      if (age > staleMs) await rm(path, { force: true });
    }
  }
}

/** What tells a root from another in its place; several processes may make it at once. */
const markName = '.store';

async function markOf(root: string): Promise<string> {
  const path = join(root, markName);
  const fresh = join(root, `${markName}-${randomUUID()}`);
  await writeFile(fresh, randomUUID(), { flush: true });
  try {
    await link(fresh, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  return readFile(path, 'utf8');
}

/** What a file has that no other in its place would; undefined where there is none. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino, ctimeMs } = statSync(path);
    return `${dev} ${ino} ${ctimeMs}`;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

const orAbsent = <T>(reading: Promise<T>): Promise<T | undefined> =>
  reading.catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  });

/** Moves a file, unless there is one. */
async function linkAway(from: string, to: string): Promise<void> {
  await link(from, to);
  await unlink(from);
}

const statOf = (path: string) => stat(path).catch(() => undefined);
const exists = async (path: string): Promise<boolean> => (await statOf(path)) !== undefined;

async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EPERM') && !(await isFile(path))) return false;
    throw error;
  }
}

const isFile = async (path: string): Promise<boolean> => (await statOf(path))?.isFile() ?? false;

/** True when it is gone. */
async function removeFolder(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true;
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}

/** Flushes a folder, and the ones above it up to `top`. */
async function flushUp(folder: string, top = folder): Promise<void> {
  await flush(folder);
  if (folder !== top) await flushUp(dirname(folder), top);
}

/** Windows keeps folder entries durable by itself and lets nobody open a folder. */
async function flush(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    await syncFolder(folder);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error; // emptied and removed meanwhile
  }
}
