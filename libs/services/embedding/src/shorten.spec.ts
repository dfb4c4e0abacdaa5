import { describe, expect, it } from 'vitest';
import { dimensionsOf, shorten } from './shorten.ts';

const prefixes = { query: '', passage: '' };
const model = { name: 'm', dims: 384, minDims: 384, prefixes, maxTokens: 512, fingerprint: 'f' };
const nested = { ...model, minDims: 64 };

describe('dimensionsOf', () => {
  it('is what the model has unless something is asked for', () => {
    expect([dimensionsOf(model), dimensionsOf(nested)]).toEqual([384, 384]);
  });

  it('is any that a model was trained to have', () => {
    expect([64, 100, 384].map((dims) => dimensionsOf(nested, dims))).toEqual([64, 100, 384]);
    expect(dimensionsOf(model, 384)).toBe(384);
  });

  it.each([
    [model, 383, 'm has 384, and was not trained to have fewer'],
    [model, 385, 'm has 384, and was not trained to have fewer'],
    [nested, 63, 'm has 64 to 384'],
    [nested, 385, 'm has 64 to 384'],
  ])('is no other', (of, dims, detail) => {
    expect(() => dimensionsOf(of, dims)).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: 'dimensions', detail }),
    );
  });
});

describe('shorten', () => {
  it('keeps the first dimensions and unit length', () => {
    expect([...shorten(Float32Array.of(0.3, 0.4, 0.5), 2)].map((x) => +x.toFixed(4))).toEqual([0.6, 0.8]);
  });

  it('leaves a vector as it is that has as many, or nothing in them', () => {
    const vector = Float32Array.of(3, 4);
    expect(shorten(vector, 2)).toBe(vector);
    expect([...shorten(Float32Array.of(0, 1), 1)]).toEqual([0]);
  });
});
