import { integers, modelOf, numbers, operation, tensor, types, value } from './graph-parts.ts';

export const dims = 8;
const vocabulary = 1_000;

export interface EncoderVariation {
  /** Adds what is found in all texts of a run to each, as dynamic quantisation does in effect. */
  readonly mixesTexts?: boolean;
  /** Takes one text a run only. */
  readonly oneText?: boolean;
  /** Gives half precision. */
  readonly half?: boolean;
}

/** For specs: an encoder in float32. A token's numbers are its own and the mean of those of its text that the mask counts. */
export function smallEncoder({ mixesTexts, oneText, half }: EncoderVariation = {}): Uint8Array {
  const shape = [oneText ? 1 : 'texts', 'tokens'];
  const type = half ? types.float16 : types.float;
  const nodes = [
    operation('Gather', ['table', 'input_ids'], 'own'),
    operation('Cast', ['attention_mask'], 'mask', { to: types.float }),
    operation('Unsqueeze', ['mask', 'last'], 'counts'),
    operation('Mul', ['own', 'counts'], 'counted'),
    operation('ReduceSum', ['counted', 'second'], 'sum'),
    operation('ReduceSum', ['counts', 'second'], 'number'),
    operation('Div', ['sum', 'number'], 'mean'),
    operation('Add', ['own', 'mean'], 'each'),
    operation('ReduceSum', ['counted'], 'of_all'),
    operation('Add', ['each', mixesTexts ? 'of_all' : 'nothing'], 'hidden'),
    operation('Cast', ['hidden'], 'last_hidden_state', { to: type }),
  ];
  return modelOf({
    nodes,
    constants: [
      tensor('table', [vocabulary, dims], numbers(vocabulary * dims, 3)),
      tensor('nothing', [], [0]),
      integers('last', [2]),
      integers('second', [1]),
    ],
    inputs: ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => value(name, shape, types.int64)),
    outputs: [value('last_hidden_state', [...shape, dims], type)],
  });
}
