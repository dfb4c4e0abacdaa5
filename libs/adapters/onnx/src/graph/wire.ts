// The wire format of protocol buffers, as far as ONNX needs it: https://protobuf.dev/programming-guides/encoding/

/** A field of a message; what is not understood of it is kept as it is. */
export interface Field {
  readonly number: number;
  /** With its tag. */
  readonly raw: Uint8Array;
  /** Of a field with a length: strings, bytes, messages. Empty for others. */
  readonly content: Uint8Array;
  /** Of a number without fraction. 0 for others. */
  readonly value: number;
}

const empty: Uint8Array = new Uint8Array();

/** The fields of a message, in order. Views of its bytes: nothing is copied. Throws `RangeError` where it is not whole. */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  for (let at = 0; at < message.length;) {
    const begin = at;
    const tag = varintAt(message, at);
    at = tag.end;
    const field = { number: Math.floor(tag.value / 8), content: empty, value: 0 };
    const wire = tag.value % 8;
    if (wire === varint) ({ value: field.value, end: at } = varintAt(message, at));
    else if (wire === eightBytes) at += 8;
    else if (wire === fourBytes) at += 4;
    else if (wire === withLength) {
      const length = varintAt(message, at);
      at = length.end + length.value;
      field.content = message.subarray(length.end, at);
    } else throw new RangeError(`wire type ${wire} at ${begin}`);
    if (at > message.length) throw new RangeError(`the field at ${begin} goes on behind the end`);
    yield { ...field, raw: message.subarray(begin, at) };
  }
}

const [varint, eightBytes, withLength, fourBytes] = [0, 1, 2, 5];

/** Numbers without fraction, one after the other. */
export function varintsIn(packed: Uint8Array): number[] {
  const numbers: number[] = [];
  for (let at = 0; at < packed.length;) {
    const { value, end } = varintAt(packed, at);
    numbers.push(value);
    at = end;
  }
  return numbers;
}

/** Of 64 bits, with its sign; exact up to 2^53. */
function varintAt(bytes: Uint8Array, begin: number): { value: number; end: number } {
  let value = 0n;
  for (let at = begin; at < bytes.length; at++) {
    const byte = bytes[at]!;
    value |= BigInt(byte & 127) << BigInt(7 * (at - begin));
    if (byte < 128) return { value: Number(BigInt.asIntN(64, value)), end: at + 1 };
  }
  throw new RangeError(`the number at ${begin} has no end`);
}

/** A field with a length, out of the parts of its content: its own parts, so that what is large is copied once. */
export function field(number: number, content: readonly Uint8Array[]): Uint8Array[] {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return [encoded(number * 8 + withLength), encoded(length), ...content];
}

export const textField = (number: number, text: string): Uint8Array =>
  joined(field(number, [new TextEncoder().encode(text)]));

export const numberField = (number: number, value: number): Uint8Array =>
  joined([encoded(number * 8 + varint), encoded(value)]);

export function floatField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joined([encoded(number * 8 + fourBytes), bytes]);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function encoded(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 128n) return Uint8Array.of(...bytes, Number(rest));
    bytes.push(Number(rest & 127n) + 128);
  }
}
