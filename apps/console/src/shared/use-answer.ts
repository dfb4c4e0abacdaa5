import { useCallback, useEffect, useState } from 'react';

/** A question to the server: on its way (neither field), answered, or failed. */
export interface Asked<T> {
  readonly answer?: T;
  readonly error?: unknown;
  readonly retry: () => void;
}

/**
 * Asks when shown, and again on retry.
 * @param ask must keep its identity as long as the question is the same
 */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const [result, setResult] = useState<{ answer?: T; error?: unknown }>({});
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setResult({});
    ask(signal).then(
      (answer) => !signal.aborted && setResult({ answer }),
      (error: unknown) => !signal.aborted && setResult({ error }),
    );
    return () => controller.abort();
  }, [ask, attempt]);
  const retry = useCallback(() => setAttempt((before) => before + 1), []);
  return { ...result, retry };
}
