import { engine, noEngine, registryConformance, registryDurability, type Harness } from '@millrace/testing';
import type { Registry } from '@millrace/ports';
import { afterAll, beforeEach, describe } from 'vitest';
import { PostgresHarness } from './testing/postgres-harness.ts';

const there = engine('postgres') !== undefined;

describe('on PostgreSQL', () => {
  beforeEach((context) => context.skip(!there, noEngine('postgres')));

  let shared: Promise<PostgresHarness> | undefined;
  afterAll(async () => (await shared)?.dispose());

  /** Step by step, as these tests go, nothing ever comes that a change without hurry could go along with. */
  const unhurriedMs = 1;

  /** Tests keep to tenants of their own, so one database does for all. */
  async function harness(): Promise<Harness<Registry>> {
    shared ??= PostgresHarness.make();
    const registry = await (await shared).open({}, { unhurriedMs });
    return { open: async () => registry, dispose: () => registry.close() };
  }

  registryConformance('SqlRegistry on PostgreSQL', harness);
  registryDurability('SqlRegistry on PostgreSQL', () => PostgresHarness.make());
});
