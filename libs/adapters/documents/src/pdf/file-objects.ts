import { inflateSync } from 'node:zlib';

/** The objects of a file by their numbers. Of several with one number the last in the file holds: it is the newest. */
export type FileObjects = ReadonlyMap<number, Buffer>;

/** In bytes: `4294967295 65535 ` and some blanks. */
const longestNumbers = 32;
/** In bytes: what a stream is says its beginning. */
const longestDictionary = 500;
/** In bytes: what is packed beyond is not found. */
const mostUnpacked = 64 * 1024 * 1024;

/** Finds objects as a reader does that mends a file without a table, also packed ones. */
export function objectsOf(file: Buffer): FileObjects {
  const objects = new Map<number, Buffer>();
  let left = mostUnpacked;
  const add = (number: number, body: Buffer): void => {
    objects.set(number, body);
    if (!body.subarray(0, longestDictionary).includes('/ObjStm')) return;
    const { dictionary, data } = streamOf(body) ?? noStream;
    const text = unpacked(data, left);
    left -= text.length;
    for (const [each, packed] of packedObjects(dictionary, text)) objects.set(each, packed);
  };
  let last: { readonly number: number; readonly start: number } | undefined;
  for (let at = file.indexOf('obj'); at >= 0; at = file.indexOf('obj', at + 3)) {
    const header = /(\d+)\s+\d+\s+$/.exec(file.toString('latin1', Math.max(at - longestNumbers, 0), at));
    if (!header) continue;
    if (last) add(last.number, file.subarray(last.start, at - header[0].length));
    last = { number: Number(header[1]), start: at + 3 };
  }
  if (last) add(last.number, file.subarray(last.start));
  return objects;
}

/** Before its data a stream has a dictionary. */
export interface Stream {
  readonly dictionary: string;
  readonly data: Buffer;
}

export function streamOf(body: Buffer): Stream | undefined {
  const at = body.indexOf('stream');
  if (at < 0 || body.subarray(0, at).includes('endobj')) return undefined;
  const opening = /^stream[ \t]*(?:\r\n|\r|\n)?/.exec(body.toString('latin1', at, at + longestNumbers));
  const start = at + (opening?.[0].length ?? 0);
  const end = body.indexOf('endstream', start);
  return {
    dictionary: body.toString('latin1', 0, at),
    data: body.subarray(start, end < 0 ? body.length : end),
  };
}

const nothing = Buffer.alloc(0);
const noStream: Stream = { dictionary: '', data: nothing };

function unpacked(data: Buffer, maxOutputLength: number): Buffer {
  try {
    return inflateSync(data, { maxOutputLength });
  } catch {
    return nothing;
  }
}

/** Numbers and places of all come first, then the objects themselves. */
function packedObjects(dictionary: string, text: Buffer): [number: number, object: Buffer][] {
  const first = Number(/\/First\s+(\d{1,10})/.exec(dictionary)?.[1] ?? 0);
  const numbers = (text.toString('latin1', 0, first).match(/\d+/g) ?? []).map(Number);
  const places = numbers.filter((_, i) => i % 2 === 1);
  return places.map((place, i) => [
    numbers[i * 2]!,
    text.subarray(first + place, first + (places[i + 1] ?? text.length)),
  ]);
}
