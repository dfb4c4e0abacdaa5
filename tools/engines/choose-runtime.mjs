/** What an engine runs as: a process of its own program, or a container of its image. */
export const runtimes = /** @type {const} */ (['native', 'docker']);

/** For people. */
export const inWords = { native: 'natively', docker: 'in Docker' };

/**
 * @typedef {typeof runtimes[number]} Runtime
 *
 * @typedef {object} Facts
 * @property {Runtime | undefined} asked by the options
 * @property {Runtime | undefined} had what it ran as when it was up, unless it has been taken down since
 * @property {readonly Runtime[]} wrote as what it wrote the data that is there
 * @property {boolean} program whether its own program is here
 */

/**
 * What is there already decides, so that nothing moves by itself when Docker comes or goes. Only an engine that would have
 * to be fetched anyway is taken from its image.
 * @param {Facts} facts
 * @param {() => Promise<string | undefined>} imageLack why its image cannot be had; asked only where it matters
 * @returns {Promise<{ runtime: Runtime, why?: string }>} `why` it is not the image
 */
export async function chooseRuntime({ asked, had, wrote, program }, imageLack) {
  if (asked ?? had) return { runtime: asked ?? had };
  if (wrote.includes('native') || (program && !wrote.includes('docker'))) return { runtime: 'native' };
  const why = await imageLack();
  return why === undefined ? { runtime: 'docker' } : { runtime: 'native', why };
}
