import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { bundleProgram, until, workersDir } from '@millrace/testing';
import { describe, expect, it } from 'vitest';

/** Hundredths of a second of CPU: more than taking the document in costs. */
const busyTicks = 80;
const busyWithin = 20_000;
/** Far less than the document of the program takes. In ms. */
const soon = 3000;

describe.skipIf(process.platform !== 'linux')('a parser process', () => {
  it('does not outlive a parent that was killed while it was busy', async () => {
    const program = await bundleProgram(new URL('./testing/orphan.program.ts', import.meta.url));
    const parent = spawn(process.execPath, [program.file, workersDir.href]);
    try {
      const child = await firstLine(parent.stdout);
      const before = cpuTicks(child);
      await until(() => expect(cpuTicks(child)).toBeGreaterThan(before + busyTicks), busyWithin);
      parent.kill('SIGKILL');
      await until(() => expect(existsSync(`/proc/${child}`)).toBe(false), soon);
    } finally {
      parent.kill('SIGKILL');
      await program.dispose();
    }
  });
});

async function firstLine(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) return line.trim();
  throw new Error('the program ended without a word');
}

/** User time of a process (proc(5), field 14). */
const cpuTicks = (pid: string): number => Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[13]);
