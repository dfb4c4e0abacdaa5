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
      remarks: [...missing.map(({ name, reason }) => `NOT RUN on ${name}: ${reason}`), ...standIns(chosen)],
      release: () => takeDown({ dir, chosen: brought }),
    };
  } catch (error) {
    return { remarks: [`NOT RUN on what is not up: ${error.message}`], release: async () => undefined };
  }
}

/** What a reader could take for the real thing. */
const standIns = (chosen) =>
  chosen.some(({ name, process, coordinates }) => name === 'qdrant' && process && coordinates.kind === 'edge')
    ? ['Qdrant: Edge behind our REST shim; NOT RUN on the server (MILLRACE_QDRANT_URL)']
    : [];
