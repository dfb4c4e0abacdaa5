import { execFileSync } from 'node:child_process';

/** Resident memory of a process and all its descendants, in MB. Pages that they share count for each. */
export function treeMegabytes(pid: number): number {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [pid: number, parent: number, kilobytes: number]);
  const tree = new Set([pid]);
  for (let size = 0; size < tree.size;) {
    size = tree.size;
    for (const [child, parent] of rows) if (tree.has(parent)) tree.add(child);
  }
  return rows.reduce((sum, [own, , kilobytes]) => sum + (tree.has(own) ? kilobytes / 1024 : 0), 0);
}

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
