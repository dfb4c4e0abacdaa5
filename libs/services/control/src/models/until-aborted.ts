import { setTimeout as pause } from 'node:timers/promises';

const firstMs = 1_000;
const longestMs = 10_000;

interface Repeated {
  readonly signal: AbortSignal;
  /** Of failures in a row the first. */
  readonly failed: (error: unknown) => void;
}

/** Does it again and again, each time after as many milliseconds as it said; after growing pauses while it fails. */
export async function untilAborted(step: () => Promise<number>, { signal, failed }: Repeated): Promise<void> {
  const rest = (millis: number) => pause(millis, undefined, { signal }).catch(() => undefined);
  for (let failures = 0; !signal.aborted;)
    try {
      const waits = await step();
      failures = 0;
      await rest(waits);
    } catch (error) {
      if (failures++ === 0) failed(error);
      await rest(Math.min(longestMs, firstMs * failures));
    }
}
