import { setImmediate as others } from 'node:timers/promises';

/** Permutations between two turns of others: about 2 ms for two windows of 200 samples. */
const slice = 64;
/** So many permutations that set the windows as far apart settle that nothing drifted. */
const settled = 10;
/** Equal sums that were added up in another order. */
const rounding = 1e-9;

export interface Comparison {
  /** Squared distance between the mean features of both windows. */
  readonly statistic: number;
  /** How often a division by lot sets them at least as far apart. */
  readonly pValue: number;
}

export interface PermutationOptions {
  /** The smallest p-value that can come out is 1 / (permutations + 1). */
  readonly permutations: number;
  readonly random: () => number;
}

/**
 * Whether two windows are of one distribution: all samples are divided anew by lot, again and again. Where they are, the
 * p-value is at most x with a probability of at most x, for every x, whatever the distribution, the features and the
 * sizes: nothing is assumed but that samples could have come in any order. It ends early where the answer is clear
 * (Besag and Clifford 1991, Sequential Monte Carlo p-values), so that a comparison without drift is cheap.
 */
export async function permutationTest(
  reference: readonly Float32Array[],
  current: readonly Float32Array[],
  { permutations, random }: PermutationOptions,
): Promise<Comparison> {
  const pool = new CentredPool([...reference, ...current]);
  const own = Uint16Array.from(current, (_, at) => reference.length + at);
  const observed = pool.distance(own);
  let asFar = 0;
  let done = 0;
  while (done < permutations && asFar < settled) {
    if (done % slice === 0) await others();
    if (pool.distance(pool.draw(current.length, random)) >= observed * (1 - rounding)) asFar += 1;
    done += 1;
  }
  const pValue = asFar === settled ? asFar / done : (asFar + 1) / (permutations + 1);
  return { statistic: observed * (1 / reference.length + 1 / current.length) ** 2, pValue };
}

/** All samples around their common mean: the sum of some is then minus the sum of the others, and says how far they are apart. */
class CentredPool {
  private readonly width: number;
  private readonly rows: Float64Array;
  private readonly order: Uint16Array;
  private readonly sum: Float64Array;

  constructor(samples: readonly Float32Array[]) {
    const width = samples[0]!.length;
    this.width = width;
    this.sum = new Float64Array(width);
    this.rows = new Float64Array(samples.length * width);
    this.order = Uint16Array.from(samples.keys());
    samples.forEach((sample, row) => this.rows.set(sample, row * width));
    this.add(this.order);
    for (let at = 0; at < this.rows.length; at++) this.rows[at]! -= this.sum[at % width]! / samples.length;
  }

  /** So many of the samples, by lot. */
  draw(count: number, random: () => number): Uint16Array {
    const { order } = this;
    for (let at = 0; at < count; at++) {
      const other = at + Math.floor(random() * (order.length - at));
      const taken = order[other]!;
      order[other] = order[at]!;
      order[at] = taken;
    }
    return order.subarray(0, count);
  }

  /** Squared length of the sum of these samples. */
  distance(chosen: Uint16Array): number {
    this.add(chosen);
    return this.sum.reduce((total, part) => total + part * part, 0);
  }

  private add(chosen: Uint16Array): void {
    const { sum, rows, width } = this;
    sum.fill(0);
    for (const row of chosen) {
      const from = row * width;
      for (let at = 0; at < width; at++) sum[at]! += rows[from + at]!;
    }
  }
}
