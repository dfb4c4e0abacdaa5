import { useCallback, useEffect, useState } from 'react';
import { call, type Answer } from '../api/client.ts';

export type ListedDocument = Answer<'listDocuments'>['data'][number];
/** The empty one: all but what is deleted. */
export type StateFilter = ListedDocument['state'] | '';

export interface Listing {
  /** Undefined: on its way. */
  readonly documents?: readonly ListedDocument[];
  /** There are more than were asked for. */
  readonly more: boolean;
  readonly error?: unknown;
  readonly refresh: () => void;
}

const moving: ReadonlySet<ListedDocument['state']> = new Set(['accepted', 'parsed', 'embedded']);
/** Between two looks while something is on its way. */
const pollMs = 1000;

/** The documents, fresh whenever the page comes to the front, and every second while one of them is on its way. */
export function useDocuments(active: boolean, state: StateFilter, limit: number): Listing {
  const [listing, setListing] = useState<Omit<Listing, 'refresh'>>({ more: false });
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    if (!active) return undefined;
    const controller = new AbortController();
    void keepLooking(state, limit, controller.signal, setListing);
    return () => controller.abort();
  }, [active, state, limit, round]);
  return { ...listing, refresh };
}

async function keepLooking(
  state: StateFilter,
  limit: number,
  signal: AbortSignal,
  show: (listing: Omit<Listing, 'refresh'>) => void,
): Promise<void> {
  try {
    for (;;) {
      const page = await call('listDocuments', { query: { limit, ...(state && { state }) }, signal });
      if (signal.aborted) return;
      const shown = page.data.filter((document) => state !== '' || document.state !== 'deleted');
      show({ documents: shown, more: page.next_cursor !== undefined });
      if (!page.data.some((document) => moving.has(document.state))) return;
      await whenSeen(pollMs);
      if (signal.aborted) return;
    }
  } catch (error) {
    if (!signal.aborted) show({ more: false, error });
  }
}

/** Waits, and for as long as the tab is hidden. */
async function whenSeen(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  while (document.hidden)
    await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
}
