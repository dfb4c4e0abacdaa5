import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { birthOf, isAlive } from './process-record.mjs';

/**
 * Runs `work` while no other process does so with the same folder. One that died with the lock does not keep it.
 * @template T
 * @param {string} dir
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(dir, work) {
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'lock');
  for (let said = false; !(await took(file)); await pause(100)) {
    if (!said) console.log(`  Waiting for another npm run engines that works in ${dir} ...`);
    said = true;
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** A link is made whole or not at all, so that the lock always says whose it is. */
async function took(file) {
  const mine = `${file}.${process.pid}`;
  await writeFile(mine, JSON.stringify({ pid: process.pid, birth: birthOf(process.pid) }));
  try {
    await link(mine, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    await removeIfAbandoned(file);
    return false;
  } finally {
    await rm(mine, { force: true });
  }
}

async function removeIfAbandoned(file) {
  const holder = await readFile(file, 'utf8').catch(() => undefined);
  if (holder !== undefined && !isAlive(JSON.parse(holder))) await rm(file, { force: true });
}
