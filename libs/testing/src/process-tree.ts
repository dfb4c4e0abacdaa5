import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Resident memory of a process and all its descendants, in MB. Pages that they share count for each. */
export const treeMegabytes = (pid: number): number =>
  tree(pid).reduce((sum, { kilobytes }) => sum + kilobytes / 1024, 0);

/** Processor time that a process and its descendants have spent so far, those that still run, in ms; by ticks of 10 ms. */
export const treeProcessorMs = (pid: number): number =>
  tree(pid).reduce((sum, { pid: own }) => sum + ticksOf(own) * tickMs, 0);

/** The most memory a process tree has while something goes on, looked at twice a second. */
export async function peakMegabytes<T>(
  pid: number,
  during: () => Promise<T>,
): Promise<{ result: T; peak: number }> {
  let peak = treeMegabytes(pid);
  const timer = setInterval(() => (peak = Math.max(peak, treeMegabytes(pid))), 500);
  try {
    return { result: await during(), peak };
  } finally {
    clearInterval(timer);
  }
}

interface Row {
  readonly pid: number;
  readonly kilobytes: number;
}

function tree(root: number): Row[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [pid: number, parent: number, kilobytes: number]);
  const found = new Set([root]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const [child, parent] of rows) if (found.has(parent)) found.add(child);
  }
  return rows.filter(([pid]) => found.has(pid)).map(([pid, , kilobytes]) => ({ pid, kilobytes }));
}

/** What Linux counts processor time in, on every platform that Node has. */
const tickMs = 10;

/** Of user and system, 14th and 15th in proc_pid_stat(5); the name before them may hold anything. 0 where it has ended. */
function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}
