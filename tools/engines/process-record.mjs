import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A process that outlives the one that started it. `birth` tells it from a later process with the same number.
 * @typedef {{ pid: number, port: number, runtime?: Runtime, at: string, birth: string }} ProcessRecord
 *
 * @typedef {import('./choose-runtime.mjs').Runtime} Runtime
 */

/**
 * @param {string} file
 * @returns {ProcessRecord | undefined}
 */
export const readRecord = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

/**
 * @param {string} file
 * @param {{ pid: number, port: number, runtime: Runtime }} started
 */
export async function writeRecord(file, { pid, port, runtime }) {
  await mkdir(dirname(file), { recursive: true });
  const record = { pid, port, runtime, at: new Date().toISOString(), birth: birthOf(pid) };
  await writeFile(file, `${JSON.stringify(record)}\n`);
}

/** @param {string} file */
export const removeRecord = (file) => rm(file, { force: true });

/** @param {Pick<ProcessRecord, 'pid' | 'birth'>} record */
export const isAlive = ({ pid, birth }) => birth !== '' && birthOf(pid) === birth;

/**
 * Whether a process has gone within a time.
 * @param {ProcessRecord} record
 * @param {number} withinMs
 */
export async function hasGone(record, withinMs) {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await pause(20))
    if (!isAlive(record)) return true;
  return !isAlive(record);
}

/**
 * When a process began, in the kernel's count; empty for one that is not there or waits to be buried. Where there is no
 * /proc it can only be said that some process has the number.
 * @param {number} pid
 */
export function birthOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : fields[19];
  } catch {
    return !existsSync('/proc/self/stat') && answersSignals(pid) ? 'alive' : '';
  }
}

function answersSignals(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
