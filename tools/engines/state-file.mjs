import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Adds, replaces and removes (`undefined`) entries of state.json. Written whole or not at all: others read it while it
 * changes.
 * @param {string} dir
 * @param {Record<string, object | undefined>} changes
 */
export async function changeState(dir, changes) {
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'state.json');
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, `${JSON.stringify({ ...readState(file), ...changes }, null, 2)}\n`);
  await rename(fresh, file);
}

const readState = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
