import { writeSync } from 'node:fs';
import { outOfMemoryMark } from './protocol.ts';

export interface WatchdogData {
  readonly maxRssBytes: number;
}

/** How often it looks. A process can touch some 100 MB meanwhile. In ms. */
const every = 50;
const standardError = 2;

/**
 * Runs in a thread of its own, because a file that eats memory or never ends leaves the main thread no time. Kills
 * the process when it takes more memory than it may (buffers included, which the heap limit does not count), and
 * when the parent has died without a word.
 */
export function watch({ maxRssBytes }: WatchdogData): void {
  const parent = process.ppid;
  setInterval(() => {
    const isOver = process.memoryUsage.rss() > maxRssBytes;
    if (isOver) writeSync(standardError, `${outOfMemoryMark}\n`);
    if (isOver || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, every);
}
