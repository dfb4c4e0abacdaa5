import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { embeddingModels } from '../catalogue/entries.ts';
import { notPulled, pulledModel } from '../testing/pulled-model.ts';
import { smallAttention, tokens, width, type Variation } from '../testing/small-attention.ts';
import { withFusedAttention } from './fuse-attention.ts';
import { OnnxModel } from './onnx-model.ts';

async function outputOf(model: Uint8Array): Promise<Float32Array> {
  const session = await InferenceSession.create(model);
  const x = Float32Array.from({ length: tokens * width }, (_, at) => Math.cos(at));
  const { y } = await session.run({
    x: new Tensor('float32', x, [1, tokens, width]),
    attention_mask: new Tensor('float32', new Float32Array(tokens).fill(1), [1, 1, 1, tokens]),
  });
  return y!.data as Float32Array;
}

const operatorsOf = (model: Uint8Array): string[] =>
  new OnnxModel(model).nodes.map(({ operator }) => operator);

describe('fused attention', () => {
  it('is one operation that gives what the dozen gave', async () => {
    const plain = smallAttention();
    const fused = withFusedAttention(plain)!;
    expect(operatorsOf(fused)).toEqual(['MatMul', 'MatMul', 'MatMul', 'MultiHeadAttention']);
    const [expected, given] = [await outputOf(plain), await outputOf(fused)];
    expect(expected.some((value) => Math.abs(value) > 0.1)).toBe(true);
    for (const [at, value] of expected.entries()) expect(given[at]).toBeCloseTo(value, 5);
  });

  it.each<Variation>([
    { maskOfPositions: 'bytes' },
    { maskOfPositions: 'list' },
    { maskOperator: 'CumSum' },
    { maskOperator: 'Trilu' },
  ])('is left as it is where a mask says more than which tokens count: %o', (variation) => {
    expect(withFusedAttention(smallAttention(variation))).toBeUndefined();
  });

  it.each([2, -2, 0])('is left as it is where shares are of axis %i, not of the keys', (softmaxAxis) => {
    expect(withFusedAttention(smallAttention({ softmaxAxis }))).toBeUndefined();
  });

  it('knows the last axis by its number from the end', async () => {
    const plain = smallAttention({ softmaxAxis: -1 });
    expect(await outputOf(withFusedAttention(plain)!)).toEqual(
      await outputOf(withFusedAttention(smallAttention())!),
    );
  });

  it('is left as it is where weights lie in another file', () => {
    expect(withFusedAttention(smallAttention({ weightsElsewhere: true }))).toBeUndefined();
  });

  it('is left as it is where heads are turned otherwise', () => {
    expect(withFusedAttention(smallAttention({ keyTurn: [0, 3, 2, 1] }))).toBeUndefined();
  });

  it('is left as it is where there is none, and what is no model is refused', () => {
    expect(withFusedAttention(new Uint8Array())).toBeUndefined();
    expect(() => withFusedAttention(smallAttention().subarray(0, 400))).toThrow(RangeError);
  });

  describe.each(embeddingModels.map((entry) => [entry.name, entry] as const))('of %s', (_, entry) => {
    const folder = pulledModel(entry);

    it('is found in each layer', (context) => {
      context.skip(folder === undefined, notPulled(entry));
      const model = readFileSync(`${folder}/model.onnx`);
      const layers = operatorsOf(model).filter((operator) => operator === 'Softmax');
      const fused = operatorsOf(withFusedAttention(model)!);
      expect(fused.filter((operator) => operator === 'MultiHeadAttention')).toHaveLength(layers.length);
      expect(fused).not.toContain('Softmax');
    });
  });
});
