import { randomNumbers } from '@millrace/testing';
import { describe, expect, it } from 'vitest';
import { calibrate } from './calibration.ts';
import { scoresOf, sigmoid, solve, type Problem } from './logistic-regression.ts';

const random = randomNumbers(7);
const size = 40;
const points = Array.from({ length: size }, (_, at) => [random() + (at % 4 === 0 ? 0.7 : 0), random()]);
const problem: Problem = {
  size,
  similarity: Float64Array.from({ length: size * size }, (_, at) => {
    const [one, other] = [points[Math.floor(at / size)]!, points[at % size]!];
    return one[0]! * other[0]! + one[1]! * other[1]!;
  }),
  rows: points.map((_, row) => row),
  isPositive: (row) => row % 4 === 0,
  cost: 2,
};

describe('logistic regression', () => {
  const solution = solve(problem);
  const scores = scoresOf(problem, solution, problem.rows);

  it('is solved: every example pulls as hard as it is wrong', () => {
    for (const row of problem.rows) {
      const sign = problem.isPositive(row) ? 1 : -1;
      const cost = problem.cost * (sign > 0 ? 30 / 10 : 1);
      const pull = sign * cost * sigmoid(-sign * scores[row]!);
      expect(Math.abs(solution.shares[row]! - pull) / cost).toBeLessThan(0.02);
    }
  });

  it('tells the kinds apart', () => {
    const mean = (kind: boolean): number => {
      const of = scores.filter((_, row) => problem.isPositive(row) === kind);
      return of.reduce((sum, score) => sum + score, 0) / of.length;
    };
    expect(mean(true)).toBeGreaterThan(mean(false) + 0.5);
  });

  it('comes out without a positive example', () => {
    const { shares } = solve({ ...problem, isPositive: () => false });
    expect(Array.from(shares).every((share) => share < 0)).toBe(true);
  });
});

describe('calibration', () => {
  it('makes scores as likely as they are true', () => {
    const scored = Array.from({ length: 4_000 }, () => {
      const own = 8 * random() - 4;
      return { own, any: random(), isPositive: random() < sigmoid(0.5 * own - 1) };
    });
    const { own, any, bias } = calibrate(scored);
    expect([own, any, bias]).toEqual([
      expect.closeTo(0.5, 1),
      expect.toSatisfy((value: number) => Math.abs(value) < 0.4),
      expect.toSatisfy((value: number) => Math.abs(value + 1) < 0.25),
    ]);
  });
});
