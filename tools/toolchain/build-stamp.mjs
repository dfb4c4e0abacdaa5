import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from './root.mjs';

/** What goes into dist/. */
const sources = ['apps', 'libs', 'tools', 'package-lock.json', 'tsconfig.base.json', 'tsconfig.json'];

/**
 * Changes when any source file is added, removed or written to: a digest of paths, sizes and times.
 * @param {string} [folder] the checkout
 */
export async function sourcesDigest(folder = root) {
  const files = (await Promise.all(sources.map((name) => filesIn(folder, name)))).flat().sort();
  const rows = await Promise.all(
    files.map(async (file) => {
      const { size, mtimeMs } = await stat(join(folder, file));
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
  return createHash('sha256').update(rows.join('\n')).digest('hex');
}

const stampIn = (folder) => join(folder, 'dist/built-from');

/** Whether dist/ was built from sources with this digest. */
export const isBuiltFrom = async (digest, folder = root) =>
  (await readFile(stampIn(folder), 'utf8').catch(() => '')) === digest;

export const stampBuild = (digest, folder = root) => writeFile(stampIn(folder), digest);

async function filesIn(folder, name) {
  const path = join(folder, name);
  if (!(await stat(path)).isDirectory()) return [name];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
