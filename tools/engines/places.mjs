import { dirname, join, resolve } from 'node:path';
import { root } from '../toolchain/root.mjs';

const own = join(root, '.millrace/engines');

/** What was fetched, for all folders of engines. */
export const sharedBin = join(own, 'bin');

/** The folder of engines that the tests ask: where MILLRACE_ENGINES says that state.json is. */
export const defaultDir = () =>
  process.env.MILLRACE_ENGINES ? dirname(resolve(process.env.MILLRACE_ENGINES)) : own;

/**
 * @param {string} dir
 * @param {string} bin
 * @param {string} name of the engine
 */
export const placesOf = (dir, bin, name) => ({
  bin: join(resolve(bin), name),
  data: { native: join(resolve(dir), 'data', name), docker: join(resolve(dir), 'data', `${name}-docker`) },
  log: join(resolve(dir), 'log', `${name}.log`),
  record: join(resolve(dir), 'run', `${name}.json`),
});
