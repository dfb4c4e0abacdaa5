import { objectsOf, type FileObjects } from './file-objects.ts';
import { dictionaryOf, namedObjects, resourcesOf } from './resources.ts';
import { contentOf, unchecked, type Content } from './stream-content.ts';

/** In bytes, unpacked or of dictionaries: damage beyond is not looked for. */
const mostOfAll = 512 * 1024 * 1024;

/** As many bytes as one takes to follow: a page has few, and a file that has very many would take minutes. */
const perReference = 1024;

/** Whether what the page draws that is this object of the file is damaged. */
export type ContentCheck = (page: number) => boolean;

/**
 * Unpacks by the letter what each page draws, the forms that it draws in it, and what says which characters the codes of
 * its fonts are. pdf.js takes damaged content for content that ends there, and only says on the console that it does not.
 * What cannot be checked is sound: what is encrypted, packed otherwise, not found or very long.
 */
export function contentCheck(bytes: Uint8Array): ContentCheck {
  if (isEncrypted(bytes)) return () => false;
  const objects = objectsOf(bufferOf(bytes));
  const checked = new Map<number, Content>();
  let left = mostOfAll;
  const contentAt = (number: number): Content => {
    const known = checked.get(number);
    if (known || left <= 0) return known ?? unchecked;
    const content = contentOf(objects.get(number));
    left -= content.size;
    checked.set(number, content);
    return content;
  };
  const isSound = (number: number): boolean => contentAt(number).isSound;
  return (page) => {
    if (left <= 0) return false;
    const contents = contentsOf(objects, page);
    left -= contents.length * perReference;
    const drawings = [{ numbers: [...new Set(contents)], owner: page }];
    const seen = new Set<number>();
    for (const { numbers, owner } of drawings) {
      if (!numbers.every(isSound)) return true;
      const names = new Set(numbers.flatMap((number) => [...contentAt(number).names]));
      if (names.size === 0 || left <= 0) continue;
      const resources = resourcesOf(objects, owner);
      left -= resources.length;
      if (!mapsOf(objects, resources, names).every(isSound)) return true;
      for (const form of formsOf(objects, resources, names).filter((each) => !seen.has(each))) {
        seen.add(form);
        drawings.push({ numbers: [form], owner: resourcesOf(objects, form) === '' ? owner : form });
      }
    }
    return false;
  };
}

const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);

export const isEncrypted = (bytes: Uint8Array): boolean => bufferOf(bytes).includes('/Encrypt');

const usedOf = (objects: Map<string, number>, names: ReadonlySet<string>): number[] =>
  [...objects].flatMap(([name, number]) => (names.has(name) ? [number] : []));

/** Forms are drawn with what they draw in turn; pictures have no text. */
const formsOf = (objects: FileObjects, resources: string, names: ReadonlySet<string>): number[] =>
  usedOf(namedObjects(objects, resources, 'XObject'), names).filter((number) =>
    /\/Subtype\s*\/Form/.test(dictionaryOf(objects, number)),
  );

const mapsOf = (objects: FileObjects, resources: string, names: ReadonlySet<string>): number[] =>
  usedOf(namedObjects(objects, resources, 'Font'), names).flatMap((font) => {
    const map = /\/ToUnicode\s+(\d{1,10})\s+\d+\s+R/.exec(dictionaryOf(objects, font))?.[1];
    return map === undefined ? [] : [Number(map)];
  });

/** The streams of a page, in one list or behind one reference to a list. */
function contentsOf(objects: FileObjects, page: number): number[] {
  const text = objects.get(page)?.toString('latin1') ?? '';
  const found = [...text.matchAll(/\/Contents\s*(?:\[([^[\]]*)\]|(\d+\s+\d+\s+R))/g)];
  return found
    .flatMap(([, list, one]) => referencesIn(list ?? one ?? ''))
    .flatMap((number) => {
      const list = /^\s*\[([^[\]]*)\]/.exec(objects.get(number)?.toString('latin1') ?? '');
      return list ? referencesIn(list[1] ?? '') : [number];
    });
}

const referencesIn = (text: string): number[] =>
  [...text.matchAll(/(\d{1,10})\s+\d+\s+R/g)].map(([, number]) => Number(number));
