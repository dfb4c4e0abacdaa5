import { sigmoid } from './logistic-regression.ts';

/** A probability is `sigmoid(own * score + any * score of any harm + bias)`. */
export interface Calibration {
  readonly own: number;
  readonly any: number;
  readonly bias: number;
}

/** Against wild answers where there are a dozen examples. */
const penalty = 1;
const steps = 50;

/** Scores of texts that were not trained on, turned into probabilities: logistic regression by Newton's method. */
export function calibrate(
  points: readonly { readonly own: number; readonly any: number; readonly isPositive: boolean }[],
): Calibration {
  const weights: Triple = [0, 0, 0];
  for (let step = 0; step < steps; step++) {
    const slope: Triple = [penalty * weights[0], penalty * weights[1], 0];
    const bend: [Triple, Triple, Triple] = [[penalty, 0, 0], [0, penalty, 0], [0, 0, 1e-6]]; // prettier-ignore
    for (const { own, any, isPositive } of points) {
      const inputs: Triple = [own, any, 1];
      const chance = sigmoid(own * weights[0] + any * weights[1] + weights[2]);
      for (const row of axes) {
        slope[row] += (chance - Number(isPositive)) * inputs[row];
        for (const column of axes) bend[row][column] += chance * (1 - chance) * inputs[row] * inputs[column];
      }
    }
    const by = solved(bend, slope);
    for (const axis of axes) weights[axis] -= by[axis];
    if (Math.max(...by.map(Math.abs)) < 1e-9) break;
  }
  return { own: weights[0], any: weights[1], bias: weights[2] };
}

type Triple = [number, number, number];
const axes = [0, 1, 2] as const;

/** By Cramer's rule. */
function solved(matrix: readonly [Triple, Triple, Triple], right: Triple): Triple {
  const whole = determinant(matrix);
  const replaced = (column: number): number =>
    determinant(
      axes.map((row) => axes.map((at) => (at === column ? right[row] : matrix[row][at]))) as never,
    ) / whole;
  return [replaced(0), replaced(1), replaced(2)];
}

const determinant = ([[a, b, c], [d, e, f], [g, h, i]]: readonly [Triple, Triple, Triple]): number =>
  a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
