/** A pseudo-random sequence from 0 to 1 that is the same in every run (Mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const dims = 24;

const unit = (vector: Float32Array): Float32Array => {
  const length = Math.hypot(...vector);
  return vector.map((part) => part / length);
};

/** Vectors of so many topics, each a direction with some of everything else. */
export function topics(count: number, random: () => number): (topic: number) => Float32Array {
  const any = (): Float32Array => unit(Float32Array.from({ length: dims }, () => random() + random() - 1));
  const centres = Array.from({ length: count }, any);
  return (topic) => {
    const other = any();
    return unit(centres[topic]!.map((part, at) => part + other[at]!));
  };
}

/** What so many of n independent events of one probability stay within, but for one time in ten thousand at either end. */
export function binomialBounds(n: number, probability: number): readonly [least: number, most: number] {
  let [term, below, least] = [(1 - probability) ** n, 0, 0];
  for (let k = 0; ; k++) {
    below += term;
    if (below < 1e-4) least = k + 1;
    if (below > 1 - 1e-4) return [least, k];
    term *= ((n - k) / (k + 1)) * (probability / (1 - probability));
  }
}
