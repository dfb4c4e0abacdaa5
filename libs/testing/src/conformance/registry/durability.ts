import type { Registry } from '@millrace/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Harness } from '../harness.ts';

/** A change that the registry acknowledged in the process that was killed. */
export interface WrittenVersion {
  readonly tenant: string;
  readonly document: string;
  readonly version: number;
  readonly outcome: 'accepted' | 'duplicate' | 'restarted' | 'repeated';
}

/** A process of its own that accepts and withdraws documents as fast as it can, many at once. */
export interface RegistryWriter {
  /** Grows while it writes. */
  readonly acknowledged: readonly WrittenVersion[];
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
}

export interface RegistryDurabilityHarness extends Harness<Registry> {
  /** Starts a writer on the same data; no registry is open meanwhile. `run` makes its documents its own. */
  write(run: string): Promise<RegistryWriter>;
}

/** What a registry acknowledged outlives `kill -9`, with its event, once. */
export function registryDurability(
  name: string,
  factory: () => Promise<RegistryDurabilityHarness>,
  rounds = 5,
): void {
  describe(`${name} killed`, () => {
    let harness: RegistryDurabilityHarness;
    beforeEach(async () => {
      harness = await factory();
    });
    afterEach(() => harness.dispose());

    it(`has every acknowledged version and its event once, ${rounds} times in a row`, async () => {
      const written: WrittenVersion[] = [];
      for (let round = 0; round < rounds; round++) {
        const writer = await harness.write(`run-${round}`);
        await grow(writer, 50 + 150 * round);
        await writer.kill();
        written.push(...writer.acknowledged);
        const registry = await harness.open();
        await checkAll(registry, written);
        await registry.close();
      }
    });
  });
}

const grow = async ({ acknowledged }: RegistryWriter, count: number): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while (acknowledged.length < count && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 2));
  expect(acknowledged.length).toBeGreaterThanOrEqual(count);
};

type Announced = Pick<WrittenVersion, 'tenant' | 'document' | 'version'>;

async function checkAll(registry: Registry, written: readonly WrittenVersion[]): Promise<void> {
  const pending = await registry.outbox.pending(1_000_000);
  const events = new Set(pending.map(({ value }) => value));
  expect(events.size).toBe(pending.length);
  const lost = written.filter(
    ({ tenant, document, version }) => !events.has(JSON.stringify({ tenant, document, version })),
  );
  expect(lost).toEqual([]);
  const announced = Map.groupBy(
    pending.map(({ value }) => JSON.parse(value) as Announced),
    ({ document }) => document,
  );
  for (const [document, events] of announced) await checkDocument(registry, document, events);
}

/** Every version that is there was announced, in order, and none is missing in between. */
async function checkDocument(
  registry: Registry,
  document: string,
  announced: readonly Announced[],
): Promise<void> {
  const { tenant } = announced[0]!;
  const kept = (await registry.documents.versions(tenant, document)).map(({ version }) => version);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => index + 1));
  expect(announced.map(({ version }) => version)).toEqual(kept);
  expect(await registry.documents.status(tenant, document)).toMatchObject({ version: kept.length });
}
