import { describe, expect, it } from 'vitest';
import { movedTowards } from './feedback.ts';

const vector = (...numbers: number[]): Float32Array => Float32Array.from(numbers);
const near = (moved: Float32Array, ...expected: number[]): void =>
  moved.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 5));

describe('movedTowards', () => {
  it('goes as far as its weight towards the mean of what was found, and has unit length', () => {
    near(movedTowards(vector(1, 0), [vector(0, 1)], 0.5), Math.SQRT1_2, Math.SQRT1_2);
    // By hand: .75 * (1, 0) + .25 * ((0, 1) + (.6, .8)) / 2 = (.825, .225), of length .8551.
    near(movedTowards(vector(1, 0), [vector(0, 1), vector(0.6, 0.8)], 0.25), 0.964764, 0.263117);
  });

  it('goes by directions: none counts more because it is longer', () => {
    near(movedTowards(vector(3, 0), [vector(0, 0.2)], 0.5), Math.SQRT1_2, Math.SQRT1_2);
  });

  it('stays with a weight of 0, goes all the way with 1, and stays where nothing was found', () => {
    near(movedTowards(vector(1, 0), [vector(0, 1)], 0), 1, 0);
    near(movedTowards(vector(1, 0), [vector(0, 1)], 1), 0, 1);
    near(movedTowards(vector(1, 0), [], 0.5), 1, 0);
  });

  it('stays a vector of numbers where what was found has no direction', () => {
    near(movedTowards(vector(1, 0), [vector(0, 0)], 0.5), 1, 0);
    near(movedTowards(vector(1, 0), [vector(-1, 0)], 0.5), 0, 0);
  });
});
