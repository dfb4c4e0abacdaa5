// For tests and benches: one engine by its name, to be ended and started again.
import { kindOf } from './options.mjs';
import { LocalEngine } from './local-engine.mjs';
import { defaultDir, sharedBin } from './places.mjs';

/**
 * An engine of the folder that the tests ask. `await kill()` ends it with -9, `await stop()` regularly, `await start()`
 * brings it back at the same port and resolves once it serves, `await restart()` is stop and start, `process?.pid` its
 * process. state.json stays as it is.
 * @param {import('./kinds.mjs').Kind['name']} name
 * @param {{ dir?: string, bin?: string }} where
 */
export const localEngine = (name, { dir = defaultDir(), bin = sharedBin } = {}) =>
  new LocalEngine(kindOf(name), { dir, bin });
