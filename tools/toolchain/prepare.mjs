import { isBuiltFrom, sourcesDigest } from './build-stamp.mjs';
import { runNode } from './children.mjs';
import { installPackages } from './packages.mjs';
import { step } from './progress.mjs';
import { Stop } from './stop.mjs';

/** Installs what is missing and bundles the sources into dist/, unless that was done and nothing has changed since. */
export async function prepare() {
  await installPackages();
  if (await isBuiltFrom(await sourcesDigest())) return;
  const progress = step('Building');
  if ((await runNode(['tools/build/main.mjs'])) === 0) return progress.done('Built');
  progress.failed('The build failed');
  throw new Stop('The messages above say where. A clean checkout builds: see git status.');
}

/**
 * Fetches the model files that are missing; shows its own progress.
 * @param {string[]} names by the catalogue; none: what a server needs
 * @returns {Promise<boolean>} whether all are there now
 */
export const pullModels = async (...names) =>
  (await runNode(['dist/apps/cli/main.js', 'models', 'pull', ...names])) === 0;
