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
