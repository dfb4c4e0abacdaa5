import { step } from '../toolchain/progress.mjs';
import { Stop } from '../toolchain/stop.mjs';
import { alone } from './folder-lock.mjs';
import { changeState } from './state-file.mjs';
import { whereIs } from './where-is.mjs';

/** @typedef {import('./local-engine.mjs').LocalEngine} LocalEngine */

/**
 * Brings up what is not up: fetches one after the other, then starts all at once. What cannot be had is said, and the rest
 * goes on without it. An engine that runs on another port than it is asked for stops the whole call.
 * @param {{ dir: string, chosen: readonly LocalEngine[] }} options
 * @returns {Promise<{ brought: LocalEngine[], missing: { name: string, reason: string }[] }>} what this call started, and
 *   what is not up now
 */
export const bringUp = ({ dir, chosen }) =>
  alone(dir, async () => {
    for (const engine of chosen) engine.refuseOtherPort();
    const before = chosen.filter((engine) => engine.process || engine.kind.elsewhere?.());
    const missing = new Map();
    for (const engine of chosen)
      if (!before.includes(engine)) await unlessStopped(missing, engine, () => fetchShown(engine));
    const starts = chosen
      .filter((engine) => !missing.has(engine))
      .map((engine) => ({ engine, started: Date.now(), serves: kept(startOrAsk(engine)) }));
    for (const { engine, started, serves } of starts)
      await unlessStopped(missing, engine, () =>
        startShown(engine, started, serves, before.includes(engine) ? 'was up already' : 'serves'),
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

/** @param {Map<LocalEngine, string>} missing */
async function unlessStopped(missing, engine, work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.log(`    ${error.message.replaceAll('\n', '\n    ')}`);
    missing.set(engine, error.message);
  }
}

/** Says nothing when there is nothing to fetch. */
async function fetchShown(engine) {
  let progress;
  const report = (text) => {
    progress ??= step(`Getting ${engine.title}`);
    progress.update(text);
  };
  try {
    await engine.provision(report);
    progress?.done(`${engine.title} is on this machine`);
  } catch (error) {
    progress?.failed(`${engine.title} is NOT UP`);
    throw error;
  }
}

/** All start at once and are shown in turn. */
async function startShown(engine, started, serves, how) {
  const progress = step(`Starting ${engine.title}`, process.stdout, started);
  try {
    await serves;
    progress.done(`${engine.title} ${how}: ${whereIs(engine.coordinates)}`);
  } catch (error) {
    progress.failed(`${engine.title} is NOT UP`);
    throw error;
  }
}

async function startOrAsk(engine) {
  const elsewhere = engine.kind.elsewhere?.();
  if (!elsewhere) return engine.start();
  const silence = await engine.silence();
  if (silence !== undefined) throw new Stop(`Nothing serves at ${whereIs(elsewhere)}: ${silence}.`);
}

/** A failure waits until it is asked for. */
function kept(promise) {
  promise.catch(() => undefined);
  return promise;
}
