import { inflateRawSync, inflateSync } from 'node:zlib';
import { streamOf } from './file-objects.ts';

/** In bytes, unpacked: damage beyond is not looked for. */
const mostOfOne = 32 * 1024 * 1024;

export interface Content {
  /** In bytes, unpacked, as far as it is known. */
  readonly size: number;
  readonly isSound: boolean;
  /** What it draws, and in which fonts, by the names that its page has for them. */
  readonly names: ReadonlySet<string>;
}

export const unchecked: Content = { size: 0, isSound: true, names: new Set() };

/** Unpacks a stream by the letter. What cannot be checked is sound. */
export function contentOf(body: Buffer | undefined): Content {
  const stream = body && streamOf(body);
  if (!stream || isBlank(stream.data)) return unchecked;
  const filters = filtersOf(stream.dictionary);
  const data = filters.slice(0, -1).reduce(decoded, stream.data);
  if (filters.length === 0) return told(data.subarray(0, mostOfOne), true);
  return filters.every(isKnown) && isFlate(filters.at(-1)) ? unpacked(data) : unchecked;
}

/** A list of several, or one; none where it stands elsewhere. */
const filtersOf = (dictionary: string): string[] => {
  const [, list, one] = /\/Filter\s*(?:\[([^\]]*)\]|\/(\w+))/.exec(dictionary) ?? [];
  return list?.match(/\w+/g) ?? (one ? [one] : []);
};

const isFlate = (filter = ''): boolean => /^Fl(?:ateDecode)?$/.test(filter);
const isText85 = (filter: string): boolean => /^A(?:SCII)?85(?:Decode)?$/.test(filter);
const isHex = (filter: string): boolean => /^A(?:SCII)?H(?:ex|x)(?:Decode)?$/.test(filter);

const isKnown = (filter: string, at: number, { length }: readonly string[]): boolean =>
  at === length - 1 ? isFlate(filter) : isText85(filter) || isHex(filter);

/** What is written as text; the sum of what is packed in it tells damage. */
function decoded(data: Buffer, filter: string): Buffer {
  if (isHex(filter)) return Buffer.from(data.toString('latin1').replace(/\s+|>[^]*/g, ''), 'hex');
  return isText85(filter) ? decoded85(data) : data;
}

/** Five characters for four bytes, `z` for four of zero, and at the end one more character than bytes. */
function decoded85(data: Buffer): Buffer {
  const shortened = data.reduce((count, byte) => count + Number(byte === zeros), 0);
  const bytes = Buffer.alloc(data.length + 3 * shortened + 4);
  let [size, count, value] = [0, 0, 0];
  for (const byte of data.subarray(data.subarray(0, 2).equals(opening85) ? 2 : 0)) {
    if (byte === tilde) break;
    if (byte === zeros) size += 4;
    if (byte < first85 || byte > last85) continue;
    value = value * 85 + byte - first85;
    if (++count < 5) continue;
    size = bytes.writeUInt32BE(value % 2 ** 32, size);
    [count, value] = [0, 0];
  }
  if (count < 2) return bytes.subarray(0, size);
  for (let i = count; i < 5; i++) value = value * 85 + 84;
  bytes.writeUInt32BE(value % 2 ** 32, size);
  return bytes.subarray(0, size + count - 1);
}

const opening85 = Buffer.from('<~');
const [first85, last85, zeros, tilde] = [33, 117, 122, 126];

function unpacked(data: Buffer): Content {
  try {
    return told(inflateSync(data, { maxOutputLength: mostOfOne }), true);
  } catch (error) {
    if (isOfKind(error, 'ERR_BUFFER_TOO_LARGE')) return { ...unchecked, size: mostOfOne };
    const whole = isOfKind(error, 'Z_BUF_ERROR') ? wholeBeforeSum(data) : undefined;
    return told(whole ?? nothing, whole !== undefined);
  }
}

/** Some programs leave out the sum of the bytes at the end: all that is drawn is there. */
function wholeBeforeSum(data: Buffer): Buffer | undefined {
  try {
    return inflateRawSync(data.subarray(2), { maxOutputLength: mostOfOne });
  } catch {
    return undefined;
  }
}

const told = (data: Buffer, isSound: boolean): Content => ({
  size: data.length,
  isSound,
  names: namesIn(data.toString('latin1')),
});

function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  for (const [, name] of text.matchAll(used)) if (names.size < mostNames) names.add(name!);
  return names;
}

/** A page has few. */
const mostNames = 10_000;

/** `/Fm0 Do`, `/F1 12 Tf` */
const used = /\/([^\s/<>[\](){}%]+)\s+(?:Do|[-+.\d]+\s+Tf)(?![^\s/<>[\](){}%])/g;

const nothing = Buffer.alloc(0);

const isBlank = (data: Buffer): boolean => data.every((byte) => byte === 10 || byte === 13 || byte === 32);

const isOfKind = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
