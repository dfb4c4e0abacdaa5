/**
 * A question's vector moved towards the mean direction of what was found for it, by Rocchio: `(1 - weight) * question +
 * weight * mean`, all of unit length, and so is what comes out.
 *
 * @param question dims numbers; so has each of `found`, of which there may be none
 * @param weight from 0 to 1
 */
export function movedTowards(
  question: Float32Array,
  found: readonly Float32Array[],
  weight: number,
): Float32Array {
  if (found.length === 0) return question;
  const directions = found.map(unit);
  const mean = question.map((_, at) => directions.reduce((sum, one) => sum + one[at]!, 0) / found.length);
  return unit(unit(question).map((value, at) => (1 - weight) * value + weight * mean[at]!));
}

/** What has no direction stays as it is. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
