import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a promise, at most so long. Whether it resolved in time; rejects when it rejects before. */
export async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = pause(ms, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
