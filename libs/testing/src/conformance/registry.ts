import type { Registry } from '@millrace/ports';
import { afterEach, beforeEach, describe } from 'vitest';
import type { Harness } from './harness.ts';
import { accessChecks } from './registry/access.ts';
import { auditChecks } from './registry/audit.ts';
import { usageChecks } from './registry/usage.ts';
import { acceptanceChecks } from './registry/acceptance.ts';
import { deadLetterChecks } from './registry/dead-letters.ts';
import { erasureChecks } from './registry/erasure.ts';
import { Desk } from './registry/fixtures.ts';
import { indexBookChecks } from './registry/index-books.ts';
import { modelPlanChecks } from './registry/model-plan.ts';
import { outboxChecks } from './registry/outbox.ts';
import { progressChecks } from './registry/progress.ts';
import { promptChecks } from './registry/prompts.ts';
import { failedRecordChecks } from './registry/failed-records.ts';
import { logPlaceChecks } from './registry/log-places.ts';
import { pushedEventChecks } from './registry/pushed-events.ts';
import { pushedLetterChecks } from './registry/pushed-letters.ts';
import { randomWalkChecks } from './registry/random-walk.ts';
import { tenantSettingChecks } from './registry/tenant-settings.ts';
import { readingChecks } from './registry/reading.ts';

export { chainOf } from './registry/audit.ts';
export { SwitchingWalk } from './registry/switching-walk.ts';
export {
  registryDurability,
  type RegistryDurabilityHarness,
  type RegistryWriter,
  type WrittenVersion,
} from './registry/durability.ts';

/** Holds an adapter to the promises of `Registry`, but for what outlives `kill -9`: see `registryDurability`. */
export function registryConformance(name: string, factory: () => Promise<Harness<Registry>>): void {
  describe(`${name} as a registry`, () => {
    let harness: Harness<Registry>;
    let registry: Registry;

    beforeEach(async () => {
      harness = await factory();
      registry = await harness.open();
    });
    afterEach(() => harness.dispose());

    const desk = () => new Desk(registry);
    acceptanceChecks(desk);
    pushedEventChecks(desk);
    logPlaceChecks(desk);
    failedRecordChecks(desk);
    pushedLetterChecks(desk);
    progressChecks(desk);
    deadLetterChecks(desk);
    erasureChecks(desk);
    readingChecks(desk);
    outboxChecks(desk);
    accessChecks(desk);
    usageChecks(desk);
    tenantSettingChecks(desk);
    promptChecks(desk);
    auditChecks(desk);
    modelPlanChecks(desk);
    indexBookChecks(desk);
    randomWalkChecks(desk);
  });
}
