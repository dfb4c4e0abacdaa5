import type { EmbeddingManifest } from '../catalogue/entry.ts';

/**
 * One vector from the token vectors of one unpadded sequence.
 * @param hidden row-major, `tokens` rows of `dims`
 */
export function pool(
  hidden: Float32Array,
  dims: number,
  how: Pick<EmbeddingManifest, 'pooling' | 'normalise'>,
): Float32Array {
  const vector = how.pooling === 'cls' ? hidden.slice(0, dims) : mean(hidden, dims);
  return how.normalise ? unit(vector) : vector;
}

function mean(hidden: Float32Array, dims: number): Float32Array {
  const sums = new Float64Array(dims);
  for (let at = 0; at < hidden.length; at += dims)
    for (let column = 0; column < dims; column++) sums[column]! += hidden[at + column]!;
  const rows = hidden.length / dims;
  return Float32Array.from(sums.map((sum) => sum / rows));
}

function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return length === 0 ? vector : vector.map((value) => value / length);
}
