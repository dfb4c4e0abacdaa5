type Json = Readonly<Record<string, unknown>>;

/** Keywords that say something to people only. */
const annotations: ReadonlySet<string> = new Set(['title', 'description', '$comment', 'examples']);
/** Keywords whose members are named by the schema, and may become more. */
const named: ReadonlySet<string> = new Set(['properties', '$defs']);

/**
 * What a change of a published JSON Schema breaks for those who built on it. The rule: only new optional fields;
 * everything else is a new event with the next version in its name. Empty when the change keeps to it.
 */
export function breakingChanges(published: unknown, next: unknown, at = ''): string[] {
  if (Array.isArray(published) && Array.isArray(next) && published.length === next.length)
    return published.flatMap((item, index) => breakingChanges(item, next[index], `${at}[${index}]`));
  if (isJson(published) && isJson(next)) return changesOfSchema(published, next, at);
  return same(published, next) ? [] : [`${at} was ${shown(published)} and is ${shown(next)}`];
}

function changesOfSchema(published: Json, next: Json, at: string): string[] {
  const keywords = new Set([...Object.keys(published), ...Object.keys(next)]);
  return [...keywords]
    .filter((keyword) => !annotations.has(keyword))
    .flatMap((keyword) => {
      const [before, after, here] = [published[keyword], next[keyword], join(at, keyword)];
      if (keyword === 'required') return changesOfRequired(published, next, at);
      if (named.has(keyword)) return changesOfNamed(before ?? {}, after ?? {}, here);
      return breakingChanges(before, after, here);
    });
}

function changesOfRequired(published: Json, next: Json, at: string): string[] {
  const [before, after] = [namesIn(published), namesIn(next)];
  const known = isJson(published['properties']) ? published['properties'] : {};
  return [
    ...after
      .filter((name) => !before.includes(name))
      .map((name) =>
        Object.hasOwn(known, name)
          ? `${join(at, name)} is now required`
          : `${join(at, name)} is new and required`,
      ),
    ...before
      .filter((name) => !after.includes(name))
      .map((name) => `${join(at, name)} is no longer required`),
  ];
}

function changesOfNamed(before: unknown, after: unknown, at: string): string[] {
  if (!isJson(before) || !isJson(after)) return breakingChanges(before, after, at);
  return Object.entries(before).flatMap(([name, schema]) =>
    Object.hasOwn(after, name)
      ? breakingChanges(schema, after[name], join(at, name))
      : [`${join(at, name)} is gone`],
  );
}

const namesIn = ({ required }: Json): readonly string[] =>
  Array.isArray(required) ? (required as string[]) : [];

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
const join = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);
