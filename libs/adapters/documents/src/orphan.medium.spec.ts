import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { bundleProgram, until, workersDir } from '@millrace/testing';
import { describe, expect, it } from 'vitest';

/** Far less than the document of the program takes. In ms. */
const soon = 3000;

describe.skipIf(process.platform !== 'linux')('a parser process', () => {
  it('does not outlive a parent that was killed while it was busy', async () => {
    const program = await bundleProgram(new URL('./testing/orphan.program.ts', import.meta.url));
    const parent = spawn(process.execPath, [program.file, workersDir.href]);
    try {
      const child = await firstLine(parent.stdout);
      expect(existsSync(`/proc/${child}`)).toBe(true);
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
