import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';

const maxLooks = 24;
const longestPauseMs = 50;

/**
 * Looks until a look is `undefined` no longer: one is when a document changed under it. Each next look waits a little
 * longer. Rejects with `dependency_unavailable` when the documents do not stop changing.
 */
export async function settle<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let looks = 1; looks <= maxLooks; looks++) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await pause(Math.random() * Math.min(looks, longestPauseMs));
  }
  throw new MillraceError('dependency_unavailable', {
    detail: `documents changed during each of ${maxLooks} looks`,
    retryAfter: 1,
  });
}
