import type { WorkQueue } from '@millrace/ports';
import { afterEach, beforeEach, describe } from 'vitest';
import type { DurableHarness } from './harness.ts';
import { closingChecks } from './work-queue/closing.ts';
import { dyingChecks } from './work-queue/dying.ts';
import { enqueueingChecks } from './work-queue/enqueueing.ts';
import { failingChecks } from './work-queue/failing.ts';
import { groupsChecks } from './work-queue/groups.ts';
import { orderChecks } from './work-queue/order.ts';
import { readingChecks } from './work-queue/reading.ts';
import { QueueDesk } from './work-queue/fixtures.ts';

/** Holds an adapter to every promise of `WorkQueue`. */
export function workQueueConformance(name: string, factory: () => Promise<DurableHarness<WorkQueue>>): void {
  describe(`${name} as a work queue`, () => {
    let harness: DurableHarness<WorkQueue>;
    let opened: QueueDesk;

    beforeEach(async () => {
      harness = await factory();
      opened = await QueueDesk.open(harness);
    });
    afterEach(() => harness.dispose());

    const desk = () => opened;
    enqueueingChecks(desk);
    orderChecks(desk);
    groupsChecks(desk);
    failingChecks(desk);
    dyingChecks(desk);
    closingChecks(desk);
    readingChecks(desk);
  });
}
