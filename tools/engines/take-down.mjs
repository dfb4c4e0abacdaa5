import { alone } from './folder-lock.mjs';
import { showEach } from './show-each.mjs';
import { changeState } from './state-file.mjs';

/**
 * Stops engines, waits for each process, and takes them out of state.json.
 * @param {{ dir: string, chosen: readonly import('./local-engine.mjs').LocalEngine[], wipe?: boolean }} options
 */
export const takeDown = ({ dir, chosen, wipe = false }) =>
  alone(dir, async () => {
    await changeState(dir, Object.fromEntries(chosen.map(({ name }) => [name, undefined])));
    for (const engine of chosen.filter((each) => !each.process && each.record)) {
      console.log(`✓ ${engine.title} was not up: process ${engine.record?.pid} had gone before`);
      await engine.forget();
    }
    await showEach(
      'Stopping',
      chosen.filter((engine) => engine.process),
      stopOne,
      (_engine, error) => {
        throw error;
      },
    );
    if (!wipe) return;
    await Promise.all(chosen.map((engine) => engine.wipe()));
    console.log('✓ What they wrote is removed');
  });

async function stopOne(engine) {
  const { pid } = engine.process;
  await engine.stop();
  await engine.forget();
  return `${engine.title} is down (process ${pid} has ended)`;
}
