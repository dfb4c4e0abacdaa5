import { keyRefused, Problem } from './problem.ts';

const place = 'millrace-key';

/** The key of this tab, for servers that want one. It goes when the tab is closed. */
export const accessKey = {
  get: (): string | null => sessionStorage.getItem(place),
  set: (key: string): void => sessionStorage.setItem(place, key),
};

/** The header with the key, if there is one. Throws a Problem for a key that no header can carry. */
export const authorization = (key = accessKey.get()): Record<string, string> => {
  if (!key) return {};
  if (/[^ -~¡-¬®-ÿ]/.test(key)) throw new Problem(oddKey, keyRefused);
  return { authorization: `Bearer ${key}` };
};

/** A dash of a word processor or an invisible space comes in with a paste. */
const oddKey =
  'The key has a character in it that keys never have, perhaps an invisible one. Copy it once more from where it was made.';
