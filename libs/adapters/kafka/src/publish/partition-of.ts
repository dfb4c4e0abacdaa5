const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/** The partition that Java's client, and with it most others, gives a key: a record goes the same way whoever sends it. */
export const partitionOf = (key: Uint8Array, partitions: number): number =>
  (murmur2(key) & 0x7fffffff) % partitions;

/** MurmurHash2 by Austin Appleby, 32 bit, as in Kafka's `Utils.murmur2`. */
function murmur2(data: Uint8Array): number {
  const { byteLength } = data;
  const words = byteLength >>> 2;
  const view = new DataView(data.buffer, data.byteOffset, byteLength);
  let hash = seed ^ byteLength;
  for (let word = 0; word < words; word++)
    hash = Math.imul(hash, multiplier) ^ scramble(view.getInt32(word * 4, true));
  for (let index = byteLength - 1; index >= words * 4; index--) hash ^= data[index]! << (8 * (index & 3));
  if (byteLength & 3) hash = Math.imul(hash, multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

const scramble = (word: number): number => {
  const mixed = Math.imul(word, multiplier);
  return Math.imul(mixed ^ (mixed >>> 24), multiplier);
};
