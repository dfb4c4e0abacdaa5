import { createHash } from 'node:crypto';
import type { Metadata } from '@millrace/contracts';

type Scalar = string | number | boolean;

const longest = 64;

/**
 * What filters ask of a chunk's metadata, as keywords of one indexed field: `["team","search"]` for a value and
 * `["team"]` for that there is one. A name may be anything, `1`, `"1"` and `true` stay apart, and no name needs an
 * index of its own.
 */
export function factsOf(document: string, metadata: Metadata): string[] {
  return Object.entries({ ...metadata, id: document }).flatMap(([key, value]) => {
    const items = [value].flat();
    return items.length === 0 ? [] : [presence(key), ...new Set(items.map((item) => fact(key, item)))];
  });
}

export const fact = (key: string, value: Scalar): string => bounded(JSON.stringify([key, value]));
export const presence = (key: string): string => bounded(JSON.stringify([key]));

/** Long ones by their digest: an index keeps every keyword in memory. */
const bounded = (text: string): string =>
  text.length <= longest ? text : createHash('sha256').update(text).digest('base64url');
