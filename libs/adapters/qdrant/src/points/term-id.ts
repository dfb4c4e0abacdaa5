const seed = 0;
const c1 = 0xcc9e2d51;
const c2 = 0x1b873593;
const encoder = new TextEncoder();

/**
 * A term's dimension in the sparse vectors: murmur3 (x86, 32 bits) of its UTF-8 bytes, as in Qdrant's own BM25.
 * Two terms of a vocabulary of 100,000 share one about once.
 */
export function termId(term: string): number {
  const bytes = encoder.encode(term);
  const whole = bytes.length & ~3;
  let hash = seed;
  for (let at = 0; at < whole; at += 4)
    hash = Math.imul(rotate(hash ^ scramble(wordAt(bytes, at)), 13), 5) + 0xe6546b64;
  if (whole < bytes.length) hash ^= scramble(wordAt(bytes, whole));
  return finish(hash ^ bytes.length);
}

/** Four bytes, the first the lowest; those beyond the end are 0. */
const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) |
  ((bytes[at + 1] ?? 0) << 8) |
  ((bytes[at + 2] ?? 0) << 16) |
  ((bytes[at + 3] ?? 0) << 24);

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));
const scramble = (word: number): number => Math.imul(rotate(Math.imul(word, c1), 15), c2);

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
