import { step } from '../toolchain/progress.mjs';
import { Stop } from '../toolchain/stop.mjs';
import { bringUp } from './bring-up.mjs';
import { help, readOptions } from './options.mjs';
import { statusOf } from './status.mjs';
import { takeDown } from './take-down.mjs';

/** @typedef {import('./options.mjs').Options} Options */

/**
 * @param {string[]} args
 * @returns {Promise<number>} exit code: 1 when an engine is not as it was asked to be
 */
export async function engines(args) {
  const options = readOptions(args);
  if (options.help) {
    console.log(help);
    return 0;
  }
  return commands[options.command](options);
}

const commands = {
  /** @param {Options} options */
  async up(options) {
    const { missing } = await bringUp(options);
    if (missing.length === 0) return 0;
    console.log(`\nNOT UP: ${missing.map(({ name }) => name).join(', ')}. The messages above say why.`);
    return 1;
  },

  /** @param {Options} options */
  async down(options) {
    await takeDown(options);
    return 0;
  },

  /** @param {Options} options */
  async status(options) {
    const { lines, allUp } = await statusOf(options);
    console.log(lines.join('\n'));
    return allUp ? 0 : 1;
  },

  /** @param {Options} options */
  kill: (options) => forEach(options, 'Killing', (engine) => engine.kill(), 'killed with -9'),

  /** @param {Options} options */
  restart: (options) => forEach(options, 'Restarting', (engine) => engine.restart(), 'answers again'),
};

/** For engines that were named one by one: nobody means to kill all of them. */
async function forEach({ chosen, named }, title, act, done) {
  if (!named) throw new Stop('Say which: --only NAME,NAME.');
  for (const engine of chosen) {
    const progress = step(`${title} ${engine.title}`);
    try {
      await act(engine);
    } catch (error) {
      progress.failed(engine.title);
      throw error;
    }
    progress.done(`${engine.title}: ${done}`);
  }
  return 0;
}
