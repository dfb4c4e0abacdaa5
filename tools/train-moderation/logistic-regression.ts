/** What is learnt from: pairs of similarities in a square of `size`, and which rows are of the kind. */
export interface Problem {
  readonly similarity: Float64Array;
  readonly size: number;
  /** Those to learn from. */
  readonly rows: readonly number[];
  readonly isPositive: (row: number) => boolean;
  /** The larger, the closer to the examples. */
  readonly cost: number;
}

/** How much each row counts towards a score: its similarity times this, summed up. */
export interface Solution {
  readonly shares: Float64Array;
  readonly bias: number;
}

/** The bias is a feature that all have; a small one, so that its own weight costs little. */
const biasSquared = 0.1;
const rounds = 60;
const closeEnough = 1e-2;

/**
 * Logistic regression with a quadratic penalty, solved in its dual by coordinate descent: for fewer examples than
 * features. Both kinds count as much as the other together, however many there are. No step depends on chance.
 */
export function solve({ similarity, size, rows, isPositive, cost }: Problem): Solution {
  const signs = Float64Array.from(rows, (row) => (isPositive(row) ? 1 : -1));
  const positive = signs.filter((sign) => sign > 0).length;
  const heavier = positive === 0 ? 1 : (rows.length - positive) / positive;
  const costs = signs.map((sign) => cost * (sign > 0 ? heavier : 1));
  const near = nearness(similarity, size, rows);
  const shares = descend(near, signs, costs);
  return { shares, bias: biasSquared * shares.reduce((sum, share) => sum + share, 0) };
}

function nearness(similarity: Float64Array, size: number, rows: readonly number[]): Float64Array {
  const near = new Float64Array(rows.length ** 2);
  let at = 0;
  for (const one of rows)
    for (const other of rows) near[at++] = similarity[one * size + other]! + biasSquared;
  return near;
}

/** Each share is `sign * cost * sigmoid(tension)`, and right where tension and score cancel each other. */
function descend(near: Float64Array, signs: Float64Array, costs: Float64Array): Float64Array {
  const count = signs.length;
  const shares = new Float64Array(count);
  const scores = new Float64Array(count);
  const tensions = new Float64Array(count).fill(-4);
  for (let round = 0; round < rounds; round++) {
    let moved = 0;
    for (let at = 0; at < count; at++) {
      const sign = signs[at]!;
      const step = {
        ...{ tension: tensions[at]!, score: sign * scores[at]!, share: sign * shares[at]! },
        ...{ cost: costs[at]!, self: near[at * count + at]! },
      };
      const tension = balanced(step);
      const share = sign * step.cost * sigmoid(tension);
      const change = share - shares[at]!;
      for (let other = 0; other < count; other++) scores[other]! += change * near[at * count + other]!;
      moved = Math.max(moved, Math.abs(tension - step.tension));
      shares[at] = share;
      tensions[at] = tension;
    }
    if (moved < closeEnough) break;
  }
  return shares;
}

interface Step {
  readonly tension: number;
  readonly score: number;
  readonly share: number;
  readonly cost: number;
  readonly self: number;
}

/** Newton's method; what is sought rises steadily. */
function balanced({ tension, score, share, cost, self }: Step): number {
  let found = tension;
  for (let times = 0; times < 8; times++) {
    const part = sigmoid(found);
    const off = found + score + (cost * part - share) * self;
    const by = off / (1 + cost * self * part * (1 - part));
    found -= by;
    if (Math.abs(by) < 1e-6) break;
  }
  return found;
}

export const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Scores of other rows. */
export const scoresOf = (
  { similarity, size, rows }: Pick<Problem, 'similarity' | 'size' | 'rows'>,
  { shares, bias }: Solution,
  others: readonly number[],
): number[] =>
  others.map((other) =>
    rows.reduce((sum, row, at) => sum + shares[at]! * similarity[other * size + row]!, bias),
  );
