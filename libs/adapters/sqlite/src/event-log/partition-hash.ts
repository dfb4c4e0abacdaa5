/** FNV-1a, 32 bit, over UTF-16 units: spreads keys over partitions. It decides where records lie, so it must not change. */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++)
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  return hash % partitions;
}
