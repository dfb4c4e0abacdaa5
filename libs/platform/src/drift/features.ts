/** What stands for a sample in a comparison: two distributions are apart as far as the means of these are. */
export interface Features<Sample, Kept> {
  /** What is remembered of one sample. */
  keep(sample: Sample): Kept;
  /** The figures of each, given all that are compared; the order of `kept` must not matter. */
  of(kept: readonly Kept[]): Float32Array[];
}

/** Figures that a vector is remembered as. With more of them little more is found, see `docs/drift.md`. */
const figures = 128;
/** Between vectors of unit length: related ones are at about half of it, strangers at up to one and a half times. */
const kernelWidth = 1;

/**
 * Vectors of unit length by random Fourier features (Rahimi and Recht 2007): the distance between the means of two samples
 * is then about their maximum mean discrepancy under a Gaussian kernel (Gretton et al. 2012), which is 0 only for equal
 * distributions. It takes one pass over a vector, and of the vector nothing else is kept.
 */
export class VectorFeatures implements Features<Float32Array, Float32Array> {
  private readonly directions: readonly Float32Array[];
  private readonly phases: Float32Array;

  constructor(dims: number, random: () => number) {
    const direction = () => Float32Array.from({ length: dims }, () => normal(random) / kernelWidth);
    this.directions = Array.from({ length: figures }, direction);
    this.phases = Float32Array.from({ length: figures }, () => 2 * Math.PI * random());
  }

  keep(vector: Float32Array): Float32Array {
    const scale = Math.sqrt(2 / figures);
    return this.phases.map((phase, at) => scale * Math.cos(phase + dot(this.directions[at]!, vector)));
  }

  of(kept: readonly Float32Array[]): Float32Array[] {
    return [...kept];
  }
}

/** The first parts of a series whose further ones hardly count. */
const waves = 8;

/**
 * Single figures by their places among all: the distance is then that of Cramér and von Mises, as its series (Durbin and
 * Knott 1972). Scales do not matter, and equal figures share a place.
 */
export class RankFeatures implements Features<number, number> {
  keep(figure: number): number {
    return figure;
  }

  of(kept: readonly number[]): Float32Array[] {
    const sorted = Float64Array.from(kept).sort();
    const places = new Map<number, number>();
    for (let from = 0, to = 0; from < sorted.length; from = to) {
      while (to < sorted.length && sorted[to] === sorted[from]) to += 1;
      places.set(sorted[from]!, (from + to) / 2 / sorted.length);
    }
    return kept.map((figure) => wavesAt(places.get(figure)!));
  }
}

/** @param place from 0 to 1 */
const wavesAt = (place: number): Float32Array =>
  Float32Array.from({ length: waves }, (_, at) => {
    const turns = Math.PI * (at + 1);
    return (Math.SQRT2 * Math.cos(turns * place)) / turns;
  });

/** By Box and Muller. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
