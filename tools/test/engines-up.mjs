import { step } from '../toolchain/progress.mjs';

/**
 * The engines for the suite that asks them. What was up before stays up afterwards; another checkout's are in nobody's way.
 * @typedef {{ remarks: string[], release: () => Promise<void> }} EnginesUp `remarks`: for the summary
 * @returns {Promise<EnginesUp>}
 */
export async function enginesUp() {
  // Their clients are in node_modules, which is not there from the start.
  const { bringUp } = await import('../engines/bring-up.mjs');
  const { readOptions } = await import('../engines/options.mjs');
  const { takeDown } = await import('../engines/take-down.mjs');
  const { dir, chosen } = readOptions(['up', '--free-ports']);
  try {
    const { brought, missing } = await bringUp({ dir, chosen });
    return {
      remarks: [
        ...missing.map(({ name, reason }) => `NOT RUN on ${name}: ${reason}`),
        ...(await qdrantRemarks(chosen, missing)),
      ],
      release: () => takeDown({ dir, chosen: brought }),
    };
  } catch (error) {
    return { remarks: [`NOT RUN on what is not up: ${error.message}`], release: async () => undefined };
  }
}

/**
 * Which Qdrant its suites run on: Edge always, which a reader could take for the real thing, and the server where there is
 * one.
 */
async function qdrantRemarks(chosen, missing) {
  const qdrant = chosen.find(({ name }) => name === 'qdrant');
  if (missing.some(({ name }) => name === 'qdrant')) return [];
  if (qdrant.coordinates.kind === 'edge')
    return ['Qdrant: Edge behind our REST shim; NOT RUN on the server (MILLRACE_QDRANT_URL, or Docker)'];
  const progress = step('Getting Qdrant Edge');
  try {
    await qdrant.kinds.native.provision(qdrant.place, progress.update);
    progress.done('Qdrant Edge is on this machine');
    return ['Qdrant: the server, and Edge behind our REST shim'];
  } catch (error) {
    progress.failed('Qdrant Edge is not on this machine');
    return [`Qdrant: the server; NOT RUN on Edge behind our REST shim: ${error.message}`];
  }
}
