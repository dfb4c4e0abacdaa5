/** Cuts a list where it reaches a number of items or bytes; an item larger than that goes alone. */
export function* batchesOf<T>(
  items: readonly T[],
  max: { readonly keys: number; readonly bytes: number },
  sizeOf: (item: T) => number,
): Generator<T[]> {
  let some: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (some.length > 0 && (some.length === max.keys || bytes + size > max.bytes)) {
      yield some;
      some = [];
      bytes = 0;
    }
    some.push(item);
    bytes += size;
  }
  if (some.length > 0) yield some;
}
