import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workersDir, type DurableHarness } from '@millrace/testing';
import { SqliteThread } from './sqlite-thread.ts';

/** The worker entry that the tests run. */
export const entry = new URL('sqlite.js', workersDir);

type OpenAdapter<T> = (options: { entry: URL; file: string }, thread: SqliteThread) => Promise<T>;

/** A folder of its own for one test; adapters that are killed lose their thread without notice. */
export async function threadHarness<T>(module: string, openOn: OpenAdapter<T>): Promise<DurableHarness<T>> {
  const folder = await mkdtemp(join(tmpdir(), `millrace-${module}-`));
  const file = join(folder, 'test.sqlite');
  let thread: SqliteThread | undefined;
  return {
    open: () => {
      thread = new SqliteThread(entry, { module, file });
      return openOn({ entry, file }, thread);
    },
    kill: async () => thread?.terminate(),
    dispose: async () => {
      await thread?.terminate();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
