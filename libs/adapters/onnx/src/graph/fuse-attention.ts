import { newNode, OnnxModel, type GraphNode } from './onnx-model.ts';

const domain = 'com.microsoft';

/**
 * The model with the attention of each layer as one operation, `com.microsoft.MultiHeadAttention`
 * (https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md), in place of the dozen that exporters
 * write: ONNX Runtime fuses them by itself in float models alone. Without a mask, for a run has one text, whole, it never
 * holds a matrix of tokens by tokens. The arithmetic is the same, in another order.
 *
 * Undefined when there is no such attention, or when any of it is seen to be other than
 * `softmax(q * k^T * scale + mask) * v` over heads, with a mask that is the same everywhere where `attention_mask` is; or
 * when weights lie in other files. Sizes that are known only at run time are not looked at: which dimension is the text's
 * and which the token's is what exporters make it. So a graph that is rewritten is to be held to what it gave, as the
 * suite does for those of the catalogue.
 */
export function withFusedAttention(bytes: Uint8Array): Uint8Array | undefined {
  const model = new OnnxModel(bytes);
  if (!model.isSelfContained) return undefined;
  const fused = new Map<GraphNode, GraphNode>();
  for (const [layer, softmax] of model.nodes.filter(({ operator }) => operator === 'Softmax').entries()) {
    const attention = attentionAround(model, softmax);
    if (!attention) return undefined;
    const { inputs, last, heads, scale } = attention;
    const node = {
      ...{ name: `attention_${layer}`, operator: 'MultiHeadAttention', domain, inputs },
      ...{ outputs: last.outputs, integers: { num_heads: heads }, floats: { scale } },
    };
    fused.set(last, newNode(node));
  }
  if (fused.size === 0) return undefined;
  return model.with(
    model.nodes.map((node) => fused.get(node) ?? node),
    domain,
  );
}

interface Attention {
  /** Queries, keys and values: tokens by heads times size. */
  readonly inputs: readonly [query: string, key: string, value: string];
  /** The operation whose output is the attention's. */
  readonly last: GraphNode;
  readonly heads: number;
  readonly scale: number;
}

function attentionAround(model: OnnxModel, softmax: GraphNode): Attention | undefined {
  if (![3, -1].includes(softmax.integer('axis') ?? 0)) return undefined;
  const masked = is('Add', model.producer(softmax.inputs[0]));
  const scaled = model.producer(masked?.inputs[0]);
  const scale = scaled && scaleOf(model, scaled);
  const scores = is('MatMul', model.producer(scaled?.inputs[0]));
  if (!masked || scale === undefined || !scores || !isEvenMask(model, masked.inputs[1])) return undefined;
  const query = headsOf(model, scores.inputs[0], [0, 2, 1, 3]);
  const key = headsOf(model, scores.inputs[1], [0, 2, 3, 1]);
  const weighted = onlyOf('MatMul', model.consumers(softmax.outputs[0]));
  const value = headsOf(model, weighted?.inputs[1], [0, 2, 1, 3]);
  const back = onlyOf('Transpose', model.consumers(weighted?.outputs[0]));
  const last = onlyOf('Reshape', model.consumers(back?.outputs[0]));
  if (shapeOf(model, last?.inputs[1]).length !== 3) return undefined;
  if (!query || !key || !value || !last || weighted?.inputs[0] !== softmax.outputs[0]) return undefined;
  if (String(back?.integers('perm')) !== '0,2,1,3') return undefined;
  if (query.heads !== key.heads || query.heads !== value.heads) return undefined;
  return { inputs: [query.of, key.of, value.of], last, heads: query.heads, scale };
}

const is = (operator: string, node: GraphNode | undefined): GraphNode | undefined =>
  node?.operator === operator ? node : undefined;

const onlyOf = (operator: string, nodes: readonly GraphNode[]): GraphNode | undefined => {
  const found = nodes.filter((node) => node.operator === operator);
  return found.length === 1 ? found[0] : undefined;
};

function scaleOf(model: OnnxModel, { operator, inputs }: GraphNode): number | undefined {
  const [by, ...more] = model.constant(inputs[1]) ?? [];
  if (by === undefined || more.length > 0) return undefined;
  if (operator === 'Div') return 1 / by;
  return operator === 'Mul' ? by : undefined;
}

/** What is cut into heads and turned: `tokens by heads * size` before. */
function headsOf(
  model: OnnxModel,
  name: string | undefined,
  turn: readonly number[],
): { of: string; heads: number } | undefined {
  const turned = is('Transpose', model.producer(name));
  const cut = is('Reshape', model.producer(turned?.inputs[0]));
  if (!cut || String(turned?.integers('perm')) !== String(turn)) return undefined;
  const shape = shapeOf(model, cut.inputs[1]);
  const heads = shape[2] ?? 0;
  const [of] = cut.inputs;
  return shape.length === 4 && heads > 0 && of !== undefined ? { of, heads } : undefined;
}

/** A shape that is a constant, or put together of constants and what is known at run time (undefined). */
function shapeOf(model: OnnxModel, name: string | undefined): (number | undefined)[] {
  const known = model.constant(name);
  if (known) return known;
  const parts = is('Concat', model.producer(name))?.inputs ?? [];
  return parts.map((part) => {
    const wrapped = is('Unsqueeze', model.producer(part));
    return model.constant(wrapped ? wrapped.inputs[0] : part)?.[0];
  });
}

/** Of one value each of them makes one value again, everywhere. */
const evenOperators = ['Cast', 'Mul', 'Sub', 'Unsqueeze'];

/**
 * Whether a mask is the same everywhere for a text that is whole: made of `attention_mask`, which is one everywhere then,
 * and of single numbers, by operations that know no positions. The softmax is what it is without such a mask.
 */
function isEvenMask(model: OnnxModel, name: string | undefined): boolean {
  if (name === undefined) return false;
  if (name === 'attention_mask' || model.constant(name)?.length === 1) return true;
  const node = model.producer(name);
  if (!node || !evenOperators.includes(node.operator)) return false;
  const inputs = node.operator === 'Unsqueeze' ? node.inputs.slice(0, 1) : node.inputs;
  return inputs.every((input) => isEvenMask(model, input));
}
