import { describe, expect, it } from 'vitest';
import { estimated } from './bootstrap.ts';
import { areaUnderRoc, averagePrecision, f1 } from './metrics.ts';
import { thresholdOf } from './thresholds.ts';

const judged = (...pairs: [number, boolean][]) => pairs.map(([score, isPositive]) => ({ score, isPositive }));

describe('the area under the curve', () => {
  it('is the share of pairs in the right order', () => {
    const list = judged([0.9, true], [0.8, false], [0.7, true], [0.1, false]);
    expect(areaUnderRoc(list)).toBe(3 / 4);
  });

  it('counts a pair of equals half', () => {
    expect(areaUnderRoc(judged([0.5, true], [0.5, false], [0.5, false]))).toBe(0.5);
  });
});

describe('average precision', () => {
  it('is the mean of the precisions at each positive one', () => {
    const list = judged([0.9, true], [0.8, false], [0.7, true], [0.1, false]);
    expect(averagePrecision(list)).toBeCloseTo((1 + 2 / 3) / 2, 12);
  });
});

describe('F1', () => {
  it('is the harmonic mean of precision and recall', () => {
    const decided = [[true, true], [true, false], [false, true], [false, false]] as const; // prettier-ignore
    expect(f1(decided.map(([isFound, isPositive]) => ({ isFound, isPositive })))).toBe(0.5);
  });

  it('is nothing where there is nothing to find and nothing found', () => {
    expect(f1([{ isFound: false, isPositive: false }])).toBe(0);
  });
});

describe('a threshold', () => {
  it('lies where F1 is best', () => {
    expect(thresholdOf(judged([0.9, true], [0.8, true], [0.3, false], [0.2, false]))).toBe(0.55);
  });

  it('raises few false alarms, whatever F1 says', () => {
    const negatives = Array.from({ length: 99 }, () => [0.5, false] as [number, boolean]);
    const list = judged(
      [0.9, true],
      ...negatives,
      ...Array.from({ length: 99 }, () => [0.4, true] as [number, boolean]),
    );
    expect(thresholdOf(list)).toBe(0.7);
  });

  it('is not so low that an unlikely thing is found', () => {
    expect(thresholdOf(judged([0.12, true], [0.1, true], [0.05, false]))).toBe(0.3);
  });

  it('is out of reach where nothing can be told', () => {
    expect(thresholdOf(judged([0.9, false], [0.8, false], [0.1, true]))).toBe(1);
  });
});

describe('an estimate', () => {
  it('has the figure within its interval, the same each time', () => {
    const list = Array.from({ length: 200 }, (_, at) => at % 10);
    const mean = (sample: readonly number[]): number =>
      sample.reduce((sum, one) => sum + one, 0) / sample.length;
    const { value, low, high } = estimated(list, mean);
    expect(value).toBe(4.5);
    // Twice the standard error of the mean: 2.87 / sqrt(200).
    expect([low, high]).toEqual([expect.closeTo(4.1, 1), expect.closeTo(4.9, 1)]);
    expect(estimated(list, mean)).toEqual({ value, low, high });
  });
});
