import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface BundledProgram {
  /** To run with `process.execPath`. */
  readonly file: string;
  readonly dispose: () => Promise<void>;
}

/** A TypeScript program of a test, with all it imports, as one file: for tests that kill a process. */
export async function bundleProgram(entry: URL): Promise<BundledProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-program-'));
  const file = join(folder, 'program.mjs');
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // Packages in CommonJS require Node's own modules.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    logLevel: 'warning',
    tsconfig: fileURLToPath(new URL('../../../tsconfig.base.json', import.meta.url)),
  });
  return { file, dispose: () => rm(folder, { recursive: true, force: true }) };
}
