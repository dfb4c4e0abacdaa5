import { constants, inflateSync } from 'node:zlib';

/** In bytes: what is before a stream says what it is. */
const longestDictionary = 500;
/** In bytes: damage beyond leaves a page with text. */
const unpacked = 1024 * 1024;

/** Packed and nothing else, and of no kind that is named: what pages draw, not pictures, fonts or tables. */
const isPacked = /\/Filter\s*\[?\s*\/(?:FlateDecode|Fl)\s*\]?\s*(?:\/|>>)/;
const isNamed = /\/(?:Type|Subtype|Length1|N|FunctionType|ShadingType)(?![A-Za-z])/;

/**
 * Whether what some page draws cannot be unpacked. pdf.js takes such a page for an empty one, and only says on the
 * console that it is not.
 */
export function hasDamagedContent(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (file.includes('/Encrypt')) return false;
  for (let end = 0, at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', end)) {
    const before = file.toString('latin1', Math.max(end, at - longestDictionary), at);
    const dictionary = before.slice(before.lastIndexOf(' obj') + 1);
    const start = file.subarray(at + 6, at + 8).toString('latin1') === '\r\n' ? at + 8 : at + 7;
    const close = file.indexOf('endstream', start);
    if (close < 0) return false;
    end = close + 'endstream'.length;
    if (isPacked.test(dictionary) && !isNamed.test(dictionary) && isDamaged(file.subarray(start, close)))
      return true;
  }
  return false;
}

function isDamaged(packed: Buffer): boolean {
  try {
    inflateSync(packed, { maxOutputLength: unpacked, finishFlush: constants.Z_SYNC_FLUSH });
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'Z_DATA_ERROR';
  }
}
