/** Zero crossings of the filter on each side: longer is steeper. */
const ZERO_CROSSINGS = 24;
/** Share of the narrower band that is kept; the rest is the filter's slope. */
const PASS_BAND = 0.92;
/** Kaiser window; 9 keeps what would alias about 90 dB down. */
const KAISER_BETA = 9;

/**
 * Changes the sample rate of a stream, piece by piece: a windowed sinc whose cut-off is that of the narrower band,
 * in polyphase form (Smith, "Digital Audio Resampling", CCRMA). The result does not depend on how the stream was cut.
 */
export class Resampler {
  private readonly phases: Float32Array[];
  /** Samples on each side of an output sample that it is made of. */
  private readonly reach: number;
  private readonly up: number;
  private readonly down: number;
  private history: Float32Array;
  /** Of the next output sample: position in `history`, and phase. */
  private at: number;
  private phase = 0;

  constructor(from: number, to: number) {
    const common = gcd(from, to);
    this.up = to / common;
    this.down = from / common;
    const cutoff = (Math.min(1, to / from) * PASS_BAND) / 2;
    this.reach = Math.ceil(ZERO_CROSSINGS / (2 * cutoff));
    this.phases = Array.from({ length: this.up }, (_, phase) => taps(this.reach, phase / this.up, cutoff));
    this.history = new Float32Array(this.reach - 1);
    this.at = this.reach - 1;
  }

  push(samples: Float32Array): Float32Array {
    const input = concat(this.history, samples);
    const output: number[] = [];
    while (this.at + this.reach < input.length) {
      output.push(this.sampleAt(input));
      this.phase += this.down;
      this.at += Math.floor(this.phase / this.up);
      this.phase %= this.up;
    }
    const done = Math.min(this.at - this.reach + 1, input.length);
    this.history = input.slice(done);
    this.at -= done;
    return Float32Array.from(output);
  }

  /** What is left once the stream has ended. */
  flush(): Float32Array {
    return this.push(new Float32Array(this.reach));
  }

  private sampleAt(input: Float32Array): number {
    const filter = this.phases[this.phase]!;
    const first = this.at - this.reach + 1;
    let sum = 0;
    for (let tap = 0; tap < filter.length; tap++) sum += filter[tap]! * input[first + tap]!;
    return sum;
  }
}

/** The filter for output samples that lie this fraction of an input sample after one. Adds up to 1. */
function taps(reach: number, fraction: number, cutoff: number): Float32Array {
  const filter = Float64Array.from({ length: 2 * reach }, (_, tap) => {
    const distance = tap - reach + 1 - fraction;
    return sinc(2 * cutoff * distance) * kaiser(distance / reach);
  });
  const sum = filter.reduce((total, value) => total + value, 0);
  return Float32Array.from(filter, (value) => value / sum);
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

const kaiser = (x: number): number =>
  Math.abs(x) >= 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * 1e-12; n++) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

function concat(a: Float32Array, b: Float32Array): Float32Array {
  const joined = new Float32Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
