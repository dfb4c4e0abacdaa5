import { MillraceError } from '@millrace/contracts';

/** The outcome, or `dependency_unavailable` when it takes longer; what it does then goes on unheard. */
export async function within<T>(ms: number, outcome: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new MillraceError('dependency_unavailable', { detail: 'Kafka: no answer in time' })),
    ms,
  );
  outcome.catch(() => undefined);
  try {
    return await Promise.race([outcome, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for an outcome, good or bad, but not for long. */
export const settled = (ms: number, outcome: Promise<unknown>): Promise<void> =>
  within(ms, outcome).then(
    () => undefined,
    () => undefined,
  );
