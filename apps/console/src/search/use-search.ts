import { useCallback, useRef, useState } from 'react';
import { call, type Answer, type Input } from '../api/client.ts';

type SearchInput = NonNullable<Input<'search'>['body']>;
export type Mode = NonNullable<SearchInput['mode']>;

export interface Search {
  readonly query: string;
  readonly mode: Mode;
  /** Neither: on its way. */
  readonly results?: Answer<'search'>['results'];
  readonly error?: unknown;
}

/** The last search, and a function to begin another; an answer to an older one is ignored. */
export function useSearch(): [Search | undefined, (query: string, mode: Mode) => void] {
  const [search, setSearch] = useState<Search>();
  const running = useRef<AbortController>(null);
  const run = useCallback((query: string, mode: Mode) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    setSearch({ query, mode });
    call('search', { body: { query, mode, top_k: 20 }, signal }).then(
      ({ results }) => !signal.aborted && setSearch({ query, mode, results }),
      (error: unknown) => !signal.aborted && setSearch({ query, mode, error }),
    );
  }, []);
  return [search, run];
}
