import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './file-error.ts';

/** Keys that begin with `prefix` and come after `after`, in the order of their characters. */
export async function* keysUnder(root: string, prefix: string, after = ''): AsyncGenerator<string> {
  yield* walk(root, prefix.slice(0, prefix.lastIndexOf('/') + 1), { prefix, after });
}

/** `base` is the folder's key with a slash behind it, or empty. */
async function* walk(
  root: string,
  base: string,
  wanted: { prefix: string; after: string },
): AsyncGenerator<string> {
  for (const name of await namesIn(join(root, base))) {
    const key = base + name;
    if (!key.startsWith(wanted.prefix)) continue;
    if (!name.endsWith('/')) {
      if (key > wanted.after) yield key;
    } else if (key > wanted.after || wanted.after.startsWith(key)) yield* walk(root, key, wanted);
  }
}

/** Folders with a slash behind them, so that they sort as their keys do. */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await entriesIn(folder);
  const named = entries.filter(({ name }) => !name.startsWith('.'));
  return named.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
}

async function entriesIn(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}
