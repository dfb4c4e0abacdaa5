import { readFileSync } from 'node:fs';

/** Where the kernel counts the processes that it ended for want of memory: in the container, else on the machine. */
const counters = ['/sys/fs/cgroup/memory.events', '/proc/vmstat'];

/** Tells a kill for want of memory from one by somebody outside, which look the same to a parent. */
export class MemoryKills {
  private known: number;

  constructor(private readonly files: readonly string[] = counters) {
    this.known = this.count();
  }

  /** Whether there were any since it was last asked. Never where the kernel does not say. */
  haveRisen(): boolean {
    const before = this.known;
    this.known = this.count();
    return this.known > before;
  }

  private count(): number {
    for (const file of this.files) {
      const found = /^oom_kill (\d+)$/m.exec(contentOf(file));
      if (found) return Number(found[1]);
    }
    return 0;
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // not every system has it
  }
}
