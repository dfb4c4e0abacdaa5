/** How deep JSON from outside may be nested: enough for any use, and no recursion runs out of stack on it. */
export const maxDepth = 64;
/** How many values JSON in a request may hold: more take seconds to check, and no request has a use for them. */
export const maxValues = 100_000;
/** How long a number may be written: no double takes as many digits, and a parser takes seconds for some megabytes. */
export const longestNumber = 1_000;

export interface JsonBounds {
  readonly deepest?: number;
  readonly most?: number;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);
const space = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Which bound JSON in UTF-8 is beyond, if any: seen in one pass over its bytes, before a parser makes objects of them,
 * which for some megabytes of brackets takes seconds and a gigabyte. Of what is no JSON it says nothing of use, and does
 * no harm.
 */
export function jsonExcess(
  bytes: Uint8Array,
  { deepest = maxDepth, most = Infinity }: JsonBounds = {},
): 'depth' | 'values' | 'number' | undefined {
  let values = 0;
  let depth = 0;
  let valueIsNext = true;
  let written = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (space.has(byte)) continue;
    if (closing.has(byte)) {
      depth -= 1;
      valueIsNext = false;
      continue;
    }
    if (byte === comma) {
      valueIsNext = true;
      continue;
    }
    if (valueIsNext) {
      written = 0;
      if (depth > deepest) return 'depth';
      if (++values > most) return 'values';
      valueIsNext = false;
    }
    if (opening.has(byte)) {
      depth += 1;
      valueIsNext = true;
    } else if (byte === quote) at = endOfString(bytes, at);
    else if (++written > longestNumber) return 'number';
  }
  return undefined;
}

/** Where the string that opens at `start` ends; the last byte of all where it does not. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; ; at++) {
    at = bytes.indexOf(quote, at);
    if (at < 0) return bytes.length;
    let escapes = 0;
    while (bytes[at - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
}
