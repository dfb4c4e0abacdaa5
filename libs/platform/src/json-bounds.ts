/** How deep JSON from outside may be nested: enough for any use, and no recursion runs out of stack on it. */
export const maxDepth = 64;

export function tooDeep(value: unknown, deepest = maxDepth): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true;
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? (Object.values(item) as unknown[]) : [],
    );
  }
  return false;
}

/** How many values JSON in a request may hold: more take seconds to check, and no request has a use for them. */
export const maxValues = 100_000;

export function tooMany(value: unknown, most = maxValues): boolean {
  const waiting: unknown[] = [value];
  let seen = 1;
  while (waiting.length > 0) {
    const item = waiting.pop();
    if (typeof item !== 'object' || item === null) continue;
    const inside: unknown[] = Array.isArray(item) ? item : Object.values(item);
    seen += inside.length;
    if (seen > most) return true;
    for (const each of inside) waiting.push(each);
  }
  return false;
}
