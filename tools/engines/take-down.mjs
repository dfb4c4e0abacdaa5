import { step } from '../toolchain/progress.mjs';
import { alone } from './folder-lock.mjs';
import { changeState } from './state-file.mjs';

/**
 * Stops engines, waits for each process, and takes them out of state.json.
 * @param {{ dir: string, chosen: readonly import('./local-engine.mjs').LocalEngine[], wipe?: boolean }} options
 */
export const takeDown = ({ dir, chosen, wipe = false }) =>
  alone(dir, async () => {
    await changeState(dir, Object.fromEntries(chosen.map(({ name }) => [name, undefined])));
    await Promise.all(chosen.map(stopOne));
    if (!wipe) return;
    await Promise.all(chosen.map((engine) => engine.wipe()));
    console.log('✓ What they wrote is removed');
  });

async function stopOne(engine) {
  const { record } = engine;
  const running = engine.process;
  if (!running) {
    if (record) console.log(`✓ ${engine.title} was not up: process ${record.pid} had gone before`);
    return engine.forget();
  }
  const progress = step(`Stopping ${engine.title}`);
  await engine.stop();
  await engine.forget();
  progress.done(`${engine.title} is down (process ${running.pid} has ended)`);
}
