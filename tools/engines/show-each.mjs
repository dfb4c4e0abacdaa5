import { setTimeout as pause } from 'node:timers/promises';
import { step } from '../toolchain/progress.mjs';

/** Who waits longer is told what for. */
const quickMs = 1_000;

/**
 * Shows work on several engines that goes on at once: one line for each as it ends, with its time.
 * @template {{ title: string }} T
 * @param {string} verb `Starting`
 * @param {readonly T[]} engines
 * @param {(engine: T) => Promise<string>} work resolves with what is now true
 * @param {(engine: T, error: unknown) => string} fail what to say instead; may throw
 */
export async function showEach(verb, engines, work, fail) {
  const started = Date.now();
  const waiting = new Map(engines.map((engine) => [engine, lineOf(engine, work, fail)]));
  while (waiting.size > 0) {
    const next = Promise.race(waiting.values());
    const quick = await Promise.race([next, pause(quickMs, undefined, { ref: false })]);
    const titles = [...waiting.keys()].map(({ title }) => title).join(', ');
    const progress = quick ? undefined : step(`${verb} ${titles}`, process.stdout, started);
    const { engine, mark, text } = await next;
    waiting.delete(engine);
    if (!progress) console.log(`${mark} ${text} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    else if (mark === '✓') progress.done(text);
    else progress.failed(text);
  }
}

const lineOf = (engine, work, fail) =>
  work(engine).then(
    (text) => ({ engine, mark: '✓', text }),
    (error) => ({ engine, mark: '✗', text: fail(engine, error) }),
  );
