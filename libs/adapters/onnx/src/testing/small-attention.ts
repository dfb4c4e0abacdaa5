import { joined, numberField, textField } from '../graph/wire.ts';
import { integers, modelOf, numbers, operation, tensor, value } from './graph-parts.ts';

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
    integers('cut', [1, tokens, heads, width / heads]),
    integers('whole', [1, tokens, width]),
    ...(weightsElsewhere ? [joined([textField(8, 'more'), numberField(14, 1)])] : []),
  ];
  return modelOf({
    nodes,
    constants,
    inputs: [value('x', [1, tokens, width]), value('attention_mask', [1, 1, 1, tokens])],
    outputs: [value('y', [1, tokens, width])],
  });
}
