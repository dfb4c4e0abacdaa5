import { newNode } from '../graph/onnx-model.ts';
import { field, joined, numberField, textField } from '../graph/wire.ts';

// Numbers of fields and types: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
export const types = { float: 1, int64: 7, float16: 10 };

interface Parts {
  readonly nodes: readonly Uint8Array[];
  readonly constants: readonly Uint8Array[];
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}

/** For specs: an ONNX model of ONNX's own operations. */
export function modelOf({ nodes, constants, inputs, outputs }: Parts): Uint8Array {
  const graph = [
    ...nodes.flatMap((node) => field(1, [node])),
    textField(2, 'graph'),
    ...constants.flatMap((constant) => field(5, [constant])),
    ...inputs.flatMap((input) => field(11, [input])),
    ...outputs.flatMap((output) => field(12, [output])),
  ];
  const operators = joined([textField(1, ''), numberField(2, 13)]);
  return joined([numberField(1, 8), ...field(7, graph), ...field(8, [operators])]);
}

/** @param attributes lists of numbers, and single ones */
export function operation(
  operator: string,
  inputs: readonly string[],
  output: string,
  { perm, ...integers }: { perm?: readonly number[]; axis?: number; to?: number; keepdims?: number } = {},
): Uint8Array {
  const node = { name: output, operator, domain: '', inputs, outputs: [output], integers, floats: {} };
  const turn = perm && [
    textField(1, 'perm'),
    ...perm.map((each) => numberField(8, each)),
    numberField(20, 7),
  ];
  return joined([newNode(node).message, ...(turn ? field(5, turn) : [])]);
}

/** @param as number of the field: 9 for bytes, 4 for a list */
export const tensor = (
  name: string,
  dims: readonly number[],
  values: readonly number[],
  as = 9,
): Uint8Array =>
  joined([
    ...dims.map((size) => numberField(1, size)),
    numberField(2, types.float),
    textField(8, name),
    ...field(as, [new Uint8Array(Float32Array.from(values).buffer)]),
  ]);

/** A row of whole numbers: a shape, or axes. */
export const integers = (name: string, values: readonly number[]): Uint8Array =>
  joined([
    numberField(1, values.length),
    numberField(2, types.int64),
    textField(8, name),
    ...field(9, [new Uint8Array(BigInt64Array.from(values, BigInt).buffer)]),
  ]);

/** An input or an output. A size with a name is known at run time only. */
export function value(name: string, dims: readonly (number | string)[], type = types.float): Uint8Array {
  const sizes = dims.flatMap((size) =>
    field(1, [typeof size === 'number' ? numberField(1, size) : textField(2, size)]),
  );
  return joined([textField(1, name), ...field(2, field(1, [numberField(1, type), ...field(2, sizes)]))]);
}

/** Some numbers between -1 and 1, always the same. */
export const numbers = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, at) => Math.sin(seed * 100 + at * 1.7));
