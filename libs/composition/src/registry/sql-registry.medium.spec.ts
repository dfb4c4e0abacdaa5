import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqlRegistry } from '@millrace/adapters/sql-registry';
import type { Registry } from '@millrace/ports';
import {
  registryConformance,
  registryDurability,
  workersDir,
  type RegistryDurabilityHarness,
  type RegistryWriter,
} from '@millrace/testing';
import { sqliteDialect } from '@millrace/adapters/sqlite';
import { startWriter } from './testing/registry-writer.ts';

const entry = new URL('sqlite.js', workersDir);

/** Step by step, as these tests go, nothing ever comes that a change without hurry could go along with. */
const unhurriedMs = 1;

async function harness(): Promise<RegistryDurabilityHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-registry-'));
  const file = join(folder, 'registry.sqlite');
  const opened: Registry[] = [];
  const writers: RegistryWriter[] = [];
  return {
    open: async () => {
      const registry = await SqlRegistry.open({ dialect: sqliteDialect({ entry, file }), unhurriedMs });
      opened.push(registry);
      return registry;
    },
    write: async (run) => {
      const writer = await startWriter({ entry: entry.href, file }, run);
      writers.push(writer);
      return writer;
    },
    dispose: async () => {
      await Promise.all([
        ...opened.map((registry) => registry.close()),
        ...writers.map((writer) => writer.kill()),
      ]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

registryConformance('SqlRegistry on SQLite', harness);
registryDurability('SqlRegistry on SQLite', harness);
