/** A vector as seen from the middle of those that were trained on, of unit length. */
export function centred(vector: ArrayLike<number>, middle: ArrayLike<number>): Float64Array {
  const from = Float64Array.from(vector, (value, at) => value - middle[at]!);
  const length = Math.sqrt(from.reduce((sum, value) => sum + value * value, 0)) || 1;
  return from.map((value) => value / length);
}
