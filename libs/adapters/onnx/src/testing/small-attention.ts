import { newNode } from '../graph/onnx-model.ts';
import { field, joined, numberField, textField } from '../graph/wire.ts';

// Numbers of fields and types: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
const [float, int64] = [1, 7];

export const tokens = 5;
export const width = 8;
const heads = 2;
/** Not the square root of a head's size, so that a scale that is taken for granted shows. */
const divisor = 3;

export interface Variation {
  /** Of positions, in place of one that comes of `attention_mask` alone: weights as bytes, or as a list. */
  readonly maskOfPositions?: 'bytes' | 'list';
  /** Makes the mask of what is masked out and of the lowest number. */
  readonly maskOperator?: string;
  readonly softmaxAxis?: number;
  /** Says of a weight that it lies in another file. */
  readonly weightsElsewhere?: boolean;
  /** The order that keys are turned into. */
  readonly keyTurn?: readonly number[];
}

/** For specs: an ONNX model in float32 of one attention of two heads as exporters write it, with a mask. */
export function smallAttention({
  maskOfPositions,
  maskOperator = 'Mul',
  softmaxAxis = 3,
  weightsElsewhere = false,
  keyTurn = [0, 2, 3, 1],
}: Variation = {}): Uint8Array {
  const weights = ['wq', 'wk', 'wv'].map((name, at) =>
    tensor(name, [width, width], numbers(width ** 2, at + 1)),
  );
  const project = (name: string, turn: readonly number[]): Uint8Array[] => [
    operation('MatMul', ['x', `w${name}`], `${name}_flat`),
    operation('Reshape', [`${name}_flat`, 'cut'], `${name}_cut`),
    operation('Transpose', [`${name}_cut`], name, { perm: turn }),
  ];
  const nodes = [
    ...project('q', [0, 2, 1, 3]),
    ...project('k', keyTurn),
    ...project('v', [0, 2, 1, 3]),
    operation('MatMul', ['q', 'k'], 'scores'),
    operation('Div', ['scores', 'divisor'], 'scaled'),
    operation('Sub', ['one', 'attention_mask'], 'masked_out'),
    operation(maskOperator, ['masked_out', maskOfPositions ? 'positions' : 'lowest'], 'mask'),
    operation('Add', ['scaled', 'mask'], 'with_mask'),
    operation('Softmax', ['with_mask'], 'shares', { axis: softmaxAxis }),
    operation('MatMul', ['shares', 'v'], 'mixed'),
    operation('Transpose', ['mixed'], 'mixed_back', { perm: [0, 2, 1, 3] }),
    operation('Reshape', ['mixed_back', 'whole'], 'y'),
  ];
  const constants = [
    ...weights,
    tensor('divisor', [], [divisor]),
    tensor('one', [], [1]),
    tensor('lowest', [], [-1e9]),
    tensor('positions', [tokens], numbers(tokens, 9), maskOfPositions === 'list' ? 4 : 9),
    shape('cut', [1, tokens, heads, width / heads]),
    shape('whole', [1, tokens, width]),
  ];
  const graph = [
    ...nodes.flatMap((node) => field(1, [node])),
    textField(2, 'attention'),
    ...constants.flatMap((constant) => field(5, [constant])),
    ...(weightsElsewhere ? field(5, [joined([textField(8, 'more'), numberField(14, 1)])]) : []),
    ...field(11, [value('x', [1, tokens, width])]),
    ...field(11, [value('attention_mask', [1, 1, 1, tokens])]),
    ...field(12, [value('y', [1, tokens, width])]),
  ];
  const operators = joined([textField(1, ''), numberField(2, 13)]);
  return joined([numberField(1, 8), ...field(7, graph), ...field(8, [operators])]);
}

function operation(
  operator: string,
  inputs: readonly string[],
  output: string,
  { perm, axis }: { perm?: readonly number[]; axis?: number } = {},
): Uint8Array {
  const integers: Record<string, number> = axis === undefined ? {} : { axis };
  const node = { name: output, operator, domain: '', inputs, outputs: [output], integers, floats: {} };
  const turn = perm && [
    textField(1, 'perm'),
    ...perm.map((each) => numberField(8, each)),
    numberField(20, 7),
  ];
  return joined([newNode(node).message, ...(turn ? field(5, turn) : [])]);
}

/** @param as number of the field: 9 for bytes, 4 for a list */
const tensor = (name: string, dims: readonly number[], values: readonly number[], as = 9): Uint8Array =>
  joined([
    ...dims.map((size) => numberField(1, size)),
    numberField(2, float),
    textField(8, name),
    ...field(as, [new Uint8Array(Float32Array.from(values).buffer)]),
  ]);

const shape = (name: string, sizes: readonly number[]): Uint8Array =>
  joined([
    numberField(1, sizes.length),
    numberField(2, int64),
    textField(8, name),
    ...field(9, [new Uint8Array(BigInt64Array.from(sizes, BigInt).buffer)]),
  ]);

function value(name: string, dims: readonly number[]): Uint8Array {
  const sizes = dims.flatMap((size) => field(1, [numberField(1, size)]));
  const type = field(1, [numberField(1, float), ...field(2, sizes)]);
  return joined([textField(1, name), ...field(2, type)]);
}

/** Some numbers between -1 and 1, always the same. */
const numbers = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, at) => Math.sin(seed * 100 + at * 1.7));
