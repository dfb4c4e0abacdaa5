import { MillraceError } from '@millrace/contracts';
import type { EmbeddingModel } from '@millrace/ports';

/** How long the vectors of an answer are to be. Throws `unsupported_parameter` where they would mean nothing. */
export function dimensionsOf({ name, dims, minDims }: EmbeddingModel, asked: number = dims): number {
  if (asked >= minDims && asked <= dims) return asked;
  const allowed =
    minDims === dims
      ? `${name} has ${dims}, and was not trained to have fewer`
      : `${name} has ${minDims} to ${dims}`;
  throw new MillraceError('unsupported_parameter', { param: 'dimensions', detail: allowed });
}

/** The first dimensions, at unit length. */
export function shorten(vector: Float32Array, dims: number): Float32Array {
  if (dims === vector.length) return vector;
  const kept = vector.slice(0, dims);
  const length = Math.hypot(...kept);
  return length === 0 ? kept : kept.map((value) => value / length);
}
