import { useCallback, useRef, useState } from 'react';
import { call, type Answer } from '../api/client.ts';
import { searchBody, type Ranking } from './ranking.ts';

export interface Search {
  readonly query: string;
  readonly ranking: Ranking;
  /** Neither: on its way. */
  readonly results?: Answer<'search'>['results'];
  readonly error?: unknown;
}

/** The last search, and a function to begin another; an answer to an older one is ignored. */
export function useSearch(): [Search | undefined, (query: string, ranking: Ranking) => void] {
  const [search, setSearch] = useState<Search>();
  const running = useRef<AbortController>(null);
  const run = useCallback((query: string, ranking: Ranking) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    setSearch({ query, ranking });
    call('search', { body: searchBody(query, ranking), signal }).then(
      ({ results }) => !signal.aborted && setSearch({ query, ranking, results }),
      (error: unknown) => !signal.aborted && setSearch({ query, ranking, error }),
    );
  }, []);
  return [search, run];
}
