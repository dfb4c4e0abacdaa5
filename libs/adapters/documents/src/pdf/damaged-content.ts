import { inflateRawSync, inflateSync } from 'node:zlib';
import { objectsOf, streamOf, type FileObjects } from './file-objects.ts';

/** Packed and nothing else. */
const isPacked = /\/Filter\s*(?:\[\s*)?\/(?:FlateDecode|Fl)\s*(?:\]\s*)?(?:\/|>>)/;

/** In bytes, unpacked: damage beyond is not looked for. */
const mostOfOne = 32 * 1024 * 1024;
const mostOfAll = 512 * 1024 * 1024;

/** Whether what the page draws that is this object of the file is damaged. */
export type ContentCheck = (page: number) => boolean;

/**
 * Unpacks what each page draws by the letter. pdf.js takes damaged content for content that ends there, and only says
 * on the console that it does not. What cannot be checked is sound: what is encrypted, packed otherwise, not found or very
 * long.
 */
export function contentCheck(bytes: Uint8Array): ContentCheck {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (file.includes('/Encrypt')) return () => false;
  const objects = objectsOf(file);
  const checked = new Map<number, boolean>();
  let left = mostOfAll;
  const isDamaged = (number: number): boolean => {
    const known = checked.get(number);
    if (known !== undefined || left <= 0) return known ?? false;
    const { size, isSound } = contentOf(objects.get(number));
    left -= size;
    checked.set(number, !isSound);
    return !isSound;
  };
  return (page) => contentsOf(objects, page).some(isDamaged);
}

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

interface Content {
  /** In bytes, unpacked, as far as it is known. */
  readonly size: number;
  readonly isSound: boolean;
}

const unchecked: Content = { size: 0, isSound: true };

function contentOf(body: Buffer | undefined): Content {
  const stream = body && streamOf(body);
  if (!stream || !isPacked.test(stream.dictionary) || isBlank(stream.data)) return unchecked;
  try {
    return { size: inflateSync(stream.data, { maxOutputLength: mostOfOne }).length, isSound: true };
  } catch (error) {
    if (isOfKind(error, 'ERR_BUFFER_TOO_LARGE')) return { size: mostOfOne, isSound: true };
    return { size: 0, isSound: isOfKind(error, 'Z_BUF_ERROR') && isWholeBeforeSum(stream.data) };
  }
}

/** Some programs leave out the sum of the bytes at the end: all that is drawn is there. */
function isWholeBeforeSum(data: Buffer): boolean {
  try {
    inflateRawSync(data.subarray(2));
    return true;
  } catch {
    return false;
  }
}

const isBlank = (data: Buffer): boolean => data.every((byte) => byte === 10 || byte === 13 || byte === 32);

const isOfKind = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
