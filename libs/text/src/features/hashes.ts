/** FNV-1a, taken on by one UTF-16 unit. */
export const startOfHash = 0x811c9dc5;
export const hashOn = (hash: number, unit: number): number => Math.imul(hash ^ unit, 0x01000193);

/** The bits of a hash mixed, as MurmurHash3 does at its end: FNV leaves its upper ones poor. Unsigned. */
export function mixed(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** @param from the hash of what stands before */
export function hashOf(text: string, from = startOfHash): number {
  let hash = from;
  for (let at = 0; at < text.length; at++) hash = hashOn(hash, text.charCodeAt(at));
  return hash;
}
