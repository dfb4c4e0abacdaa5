import { step } from '../toolchain/progress.mjs';
import { Stop } from '../toolchain/stop.mjs';
import { inWords } from './choose-runtime.mjs';
import { alone } from './folder-lock.mjs';
import { showEach } from './show-each.mjs';
import { changeState } from './state-file.mjs';
import { whereIs } from './where-is.mjs';

/** @typedef {import('./local-engine.mjs').LocalEngine} LocalEngine */

/**
 * Brings up what is not up: fetches one after the other, then starts all at once. What cannot be had is said, and the rest
 * goes on without it. An engine that runs otherwise than it is asked to stops the whole call.
 * @param {{ dir: string, chosen: readonly LocalEngine[] }} options
 * @returns {Promise<{ brought: LocalEngine[], missing: { name: string, reason: string }[] }>} what this call started, and
 *   what is not up now
 */
export const bringUp = ({ dir, chosen }) =>
  alone(dir, async () => {
    for (const engine of chosen) engine.refuseChange();
    const before = chosen.filter((engine) => engine.process || engine.kind.elsewhere?.());
    const missing = new Map();
    for (const engine of chosen) if (!before.includes(engine)) await fetchOne(engine, missing);
    await showEach(
      'Starting',
      chosen.filter((engine) => !missing.has(engine)),
      async (engine) => {
        await startOrAsk(engine);
        const how = before.includes(engine) ? 'was up already' : 'serves';
        return `${engine.title} ${how}: ${whereIs(engine.coordinates)}${asWhat(engine)}`;
      },
      (engine, error) => note(missing, engine, error),
    );
    const entries = chosen.map((engine) => [
      engine.name,
      missing.has(engine) ? undefined : engine.coordinates,
    ]);
    await changeState(dir, Object.fromEntries(entries));
    return {
      brought: chosen.filter((engine) => !before.includes(engine) && engine.process),
      missing: [...missing].map(([{ name }, message]) => ({ name, reason: message.split('\n')[0] })),
    };
  });

/**
 * What to say of an engine that cannot be had; anything else than a Stop is a fault of ours.
 * @param {Map<LocalEngine, string>} missing
 * @returns {string}
 */
function note(missing, engine, error) {
  if (!(error instanceof Stop)) throw error;
  missing.set(engine, error.message);
  return `${engine.title} is NOT UP\n    ${error.message.replaceAll('\n', '\n    ')}`;
}

const asWhat = ({ process, runtime }) => (process ? `, ${inWords[runtime]}` : '');

/** Says nothing when there is nothing to fetch, or to explain. */
async function fetchOne(engine, missing) {
  let progress;
  const report = (text) => {
    progress ??= step(`Getting ${engine.title}`);
    progress.update(text);
  };
  try {
    const why = await engine.provision(report);
    if (why) report('');
    const because = why ? `: ${why}` : '';
    progress?.done(`${engine.title} is on this machine, to run ${inWords[engine.runtime]}${because}`);
  } catch (error) {
    progress ??= step(`Getting ${engine.title}`);
    progress.failed(note(missing, engine, error));
  }
}

async function startOrAsk(engine) {
  const elsewhere = engine.kind.elsewhere?.();
  if (!elsewhere) return engine.start();
  const silence = await engine.silence();
  if (silence !== undefined) throw new Stop(`Nothing serves at ${whereIs(elsewhere)}: ${silence}.`);
}
