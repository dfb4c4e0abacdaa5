/** How deep JSON from outside may be nested: enough for any use, and no recursion runs out of stack on it. */
export const maxDepth = 64;
/** How many values JSON in a request may hold: more take seconds to check, and no request has a use for them. */
export const maxValues = 100_000;

/** Which bound a value is beyond, if any. */
export function excessOf(
  value: unknown,
  { deepest = maxDepth, most = Infinity }: { readonly deepest?: number; readonly most?: number } = {},
): 'depth' | 'values' | undefined {
  let seen = 1;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return 'depth';
    const below: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      const inside: unknown[] = Array.isArray(item) ? item : Object.values(item);
      seen += inside.length;
      if (seen > most) return 'values';
      for (const each of inside) below.push(each);
    }
    level = below;
  }
  return undefined;
}
