import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { workersDir, type RegistryWriter, type WrittenVersion } from '@millrace/testing';
import { build } from 'esbuild';

/** What the writer opens: a SQLite file through the bundled thread at `entry`, or a PostgreSQL database. */
export type WriterDatabase = { readonly entry: string; readonly file: string } | { readonly url: string };

/** Starts `registry-writer.host.ts` on a database. */
export async function startWriter(database: WriterDatabase, run: string): Promise<RegistryWriter> {
  const child = fork(await bundleHost(), [JSON.stringify(database), run]);
  const acknowledged: WrittenVersion[] = [];
  child.on('message', (written: WrittenVersion) => acknowledged.push(written));
  return {
    acknowledged,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Beside the bundled workers, where packages are found. */
async function bundleHost(): Promise<string> {
  const outfile = fileURLToPath(new URL('../test/registry-writer-host.js', workersDir));
  const source = fileURLToPath(new URL('registry-writer.host.ts', import.meta.url));
  const shared = { bundle: true, platform: 'node', format: 'esm', packages: 'external' } as const;
  const tsconfig = fileURLToPath(new URL('../../../../../tsconfig.base.json', import.meta.url));
  await build({ ...shared, entryPoints: [source], outfile, tsconfig });
  return outfile;
}
