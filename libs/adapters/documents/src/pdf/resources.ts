import type { FileObjects } from './file-objects.ts';

/** In levels, of pages in their tree and of dictionaries in one another. */
const deepest = 50;

/** An object without the data of its stream. */
export function dictionaryOf(objects: FileObjects, number: number): string {
  const body = objects.get(number);
  const stream = body?.indexOf('stream') ?? -1;
  return body?.toString('latin1', 0, stream < 0 ? body.length : stream) ?? '';
}

/** What a page or a form calls fonts and forms; a page may have it from those above it in the tree. */
export function resourcesOf(objects: FileObjects, number: number): string {
  let text = dictionaryOf(objects, number);
  for (let level = 0; level < deepest; level++) {
    const resources = entryOf(objects, text, 'Resources');
    const parent = /\/Parent\s+(\d{1,10})\s+\d+\s+R/.exec(text)?.[1];
    if (resources !== '' || parent === undefined) return resources;
    text = dictionaryOf(objects, Number(parent));
  }
  return '';
}

/** The numbers of the objects of one kind by their names. */
export const namedObjects = (objects: FileObjects, resources: string, kind: string): Map<string, number> =>
  new Map(
    Array.from(entryOf(objects, resources, kind).matchAll(named), ([, name, number]) => [
      name!,
      Number(number),
    ]),
  );

const named = /\/([^\s/<>[\](){}%]+)\s+(\d{1,10})\s+\d+\s+R/g;

/** A dictionary in another, or in an object of its own. */
function entryOf(objects: FileObjects, text: string, key: string): string {
  const found = new RegExp(`/${key}\\s*(?:(<<)|(\\d{1,10})\\s+\\d+\\s+R)`).exec(text);
  if (!found) return '';
  if (found[2] !== undefined) return dictionaryOf(objects, Number(found[2]));
  const start = found.index + found[0].length;
  let depth = 1;
  for (const bracket of text.slice(start).matchAll(/<<|>>/g)) {
    depth += bracket[0] === '<<' ? 1 : -1;
    if (depth === 0) return text.slice(start, start + bracket.index);
  }
  return text.slice(start);
}
