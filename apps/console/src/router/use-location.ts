import { useSyncExternalStore } from 'react';
import { formatLocation, parseLocation, type Location, type PassageRef } from './location.ts';

const subscribe = (notify: () => void): (() => void) => {
  window.addEventListener('hashchange', notify);
  return () => window.removeEventListener('hashchange', notify);
};

/** Where the reader is; follows the address, so that Back works. */
export const useLocation = (): Location =>
  parseLocation(useSyncExternalStore(subscribe, () => window.location.hash));

/** Opens a document above the page; Back closes it. */
export function openDocument(open: PassageRef): void {
  const { page } = parseLocation(window.location.hash);
  window.location.hash = formatLocation({ page, open });
}

export function closeDocument(): void {
  const { page } = parseLocation(window.location.hash);
  window.location.hash = formatLocation({ page });
}
