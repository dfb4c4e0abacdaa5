import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { engine, enginesFolder } from '@millrace/testing';

/** Why no process can have a processor of its own here. */
export function noOwnProcessor(): string | undefined {
  if (spawnSync('taskset', ['--version']).status !== 0) return 'there is no taskset here';
  if (availableParallelism() < 2) return 'there is only one processor';
  return enginePids().length === 0 ? 'the engines are no processes of this machine' : undefined;
}

/**
 * Meanwhile the model of a fleet has the first processor for itself, and its services, the engines and this process share the
 * others: so a cluster does it for a pod that asks for whole processors (kubelet's `static` policy), and so has the bare
 * loop its own.
 *
 * @param fleet process that the services descend from
 */
export async function withOwnProcessor<T>(fleet: number, use: () => Promise<T>): Promise<T> {
  const last = availableParallelism() - 1;
  const processes = tree([fleet, process.pid, ...enginePids()]);
  const models = processes.filter((pid) => readOf(pid, 'cmdline').includes('workers/embedder.js'));
  const before = new Map(processes.map((pid) => [pid, allowedOf(pid)]));
  try {
    for (const pid of processes) bind(pid, models.includes(pid) ? '0' : `1-${last}`);
    return await use();
  } finally {
    for (const [pid, allowed] of before) bind(pid, allowed ?? `0-${last}`);
  }
}

/** With all its threads; those that it starts later, and its children, follow. One that has ended needs no place. */
const bind = (pid: number, processors: string): void =>
  void spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', processors, String(pid)]);

function enginePids(): number[] {
  if (!engine('kafka')) return [];
  const folder = join(enginesFolder, 'run');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { pid: number; runtime: string })
    .flatMap(({ pid, runtime }) => (runtime === 'native' ? pid : []));
}

/** These processes and all that descend from them. */
function tree(roots: readonly number[]): number[] {
  const rows = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const found = new Set(roots);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [pid = 0, parent = 0] of rows) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** The processors that a process may run on; undefined where it has ended. */
const allowedOf = (pid: number): string | undefined =>
  /^Cpus_allowed_list:\s*(\S+)/m.exec(readOf(pid, 'status'))?.[1];

function readOf(pid: number, file: 'cmdline' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
