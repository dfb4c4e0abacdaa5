import { setImmediate } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { DispatchLimits } from '../embedding/dispatcher.ts';
import type { FakeWorker } from './fake-worker.ts';

/** For specs: few tokens, so that bounds are soon met. */
export const limits: DispatchLimits = { waitingTokens: { interactive: 1000, bulk: 1000 }, batchTokens: 100 };

/** A text of so many tokens, told from others by its first id. */
export const text = (id: number, tokens = 10): Int32Array => new Int32Array(tokens).fill(id);
export const texts = (...ids: number[]): Int32Array[] => ids.map((id) => text(id));
export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, at) => from + at);

export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error: unknown) => MillraceError.from(error).code,
  );

export async function finishAll(...workers: FakeWorker[]): Promise<void> {
  for (let busy = true; busy; await setImmediate())
    busy = workers.map((worker) => worker.finish()).some(Boolean);
}
