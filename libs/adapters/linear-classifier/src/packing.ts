/** Lists as base64. Not compressed: what comes of that differs between processors, and the file is the same everywhere. */
export const packBytes = ({ buffer, byteOffset, byteLength }: Int8Array | Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** In memory of its own, aligned for numbers of any size. */
export const unpackBytes = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'base64')).buffer;

/** A list that is mostly zeros: each other number behind how many zeros there are before it. */
export function packSparse(list: Uint16Array): string {
  const bytes: number[] = [];
  let zeros = 0;
  for (const number of list) {
    if (number === 0) zeros++;
    else {
      bytes.push(...variableLength(zeros), ...variableLength(number));
      zeros = 0;
    }
  }
  return Buffer.from(bytes).toString('base64');
}

export function unpackSparse(text: string, length: number): Uint16Array {
  const list = new Uint16Array(length);
  const numbers = numbersOf(Buffer.from(text, 'base64'));
  for (let at = 0, next = 0; next < numbers.length; at++, next += 2) {
    at += numbers[next]!;
    list[at] = numbers[next + 1]!;
  }
  return list;
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function variableLength(number: number): number[] {
  const bytes: number[] = [];
  let rest = number;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

function numbersOf(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let number = 0;
  let shift = 0;
  for (const byte of bytes) {
    number |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte > 0x7f) continue;
    numbers.push(number);
    number = shift = 0;
  }
  return numbers;
}
