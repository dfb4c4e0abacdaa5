import type { VectorStore } from '@millrace/ports';
import { afterEach, beforeEach, describe } from 'vitest';
import type { Harness } from './harness.ts';
import { admissionChecks } from './vector-store/admission.ts';
import { diversityChecks } from './vector-store/diversity.ts';
import { droppingChecks } from './vector-store/dropping.ts';
import { explanationChecks } from './vector-store/explanations.ts';
import { Bench } from './vector-store/fixtures.ts';
import { fusedOrderChecks } from './vector-store/fused-order.ts';
import { neighbourChecks } from './vector-store/neighbours.ts';
import { rankingChecks } from './vector-store/ranking.ts';
import { readingChecks } from './vector-store/reading.ts';
import { versionChecks } from './vector-store/versions.ts';

export { vectorStoreDurability } from './vector-store/durability.ts';

/**
 * Holds an adapter to the promises of `VectorStore`, but for what outlives `kill -9`: see `vectorStoreDurability`. Its
 * harness opens more than one instance on the same data, side by side, and closes all of them.
 */
export function vectorStoreConformance(name: string, factory: () => Promise<Harness<VectorStore>>): void {
  describe(`${name} as a vector store`, () => {
    let harness: Harness<VectorStore>;
    let store: VectorStore;

    beforeEach(async () => {
      harness = await factory();
      store = await harness.open();
    });
    afterEach(() => harness.dispose());

    const bench = () => Bench.on(store);
    versionChecks(bench);
    rankingChecks(bench);
    fusedOrderChecks(bench);
    explanationChecks(bench);
    diversityChecks(bench);
    neighbourChecks(bench);
    admissionChecks(bench);
    readingChecks(bench);
    droppingChecks(bench, () => harness.open());
  });
}
