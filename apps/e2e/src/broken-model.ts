import { randomNumbers } from '@millrace/testing';

// An ONNX file is a protocol buffer: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
const graphOfModel = 7;
const initializerOfGraph = 5;
const rawDataOfTensor = 9;
const biases = 10_000;

/** The same model, its weights shuffled within each matrix: it runs as before, and its vectors mean nothing. */
export function withShuffledWeights(model: Uint8Array, seed = 1): Uint8Array {
  const broken = Uint8Array.from(model);
  const random = randomNumbers(seed);
  for (const graph of fields(broken, graphOfModel))
    for (const tensor of fields(graph, initializerOfGraph))
      for (const weights of fields(tensor, rawDataOfTensor))
        if (weights.byteLength > biases) shuffle(weights, random);
  return broken;
}

function shuffle(bytes: Uint8Array, random: () => number): void {
  for (let last = bytes.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [bytes[last], bytes[other]] = [bytes[other]!, bytes[last]!];
  }
}

/** The contents of a message's fields of this number that have a length. */
function* fields(message: Uint8Array, wanted: number): Generator<Uint8Array> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else {
      const length = varint();
      if (field === wanted) yield message.subarray(at, at + length);
      at += length;
    }
  }
}
