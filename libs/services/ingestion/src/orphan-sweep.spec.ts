import type { Registry } from '@millrace/ports';
import type { Logger } from '@millrace/platform';
import { expect, it } from 'vitest';
import { newFolder, sourceIn } from './blob-keys.ts';
import { KnownTenants } from './known-tenants.ts';
import { OrphanSweep } from './orphan-sweep.ts';
import { BlobsInMemory } from './testing/blobs-in-memory.ts';

const hour = 3_600_000;
const now = 1_760_000_000_000;

it('takes away what is old and was never registered, of every tenant, and nothing else', async () => {
  const blobs = new BlobsInMemory();
  const registered = new Set<string>();
  const stored = async (tenant: string, document: string, age: number, isRegistered: boolean) => {
    const { prefix } = newFolder(tenant, document, now - age);
    for (const name of ['original', 'source.json']) await blobs.put(prefix + name, new Uint8Array(1));
    if (isRegistered) registered.add(sourceIn(prefix));
    return prefix;
  };
  const kept = [
    await stored('acme', 'a', 48 * hour, true),
    await stored('acme', 'b', hour, false),
    await stored('default', 'd', 48 * hour, true),
  ];
  await stored('acme', 'a', 47 * hour, false);
  await stored('default', 'c', 25 * hour, false);
  const { prefix: cutShort } = newFolder('acme', 'e', now - 30 * hour);
  await blobs.put(`${cutShort}original`, new Uint8Array(1));

  const registry = {
    access: { tenants: async () => [{ name: 'acme' }] },
    documents: {
      unknownSources: async (sources: string[]) => sources.filter((source) => !registered.has(source)),
    },
  } as unknown as Registry;
  const settings = { orphanHours: 24 } as never;
  const tenants = new KnownTenants(registry);
  const sweep = new OrphanSweep(blobs, registry, tenants, { now: () => now }, {} as Logger, settings);
  expect(await sweep.sweep()).toBe(5);
  const folders = [...new Set(blobs.keys.map((key) => key.slice(0, key.lastIndexOf('/') + 1)))];
  expect(folders.sort()).toEqual(kept.sort());
  expect(await sweep.sweep()).toBe(0);
});
