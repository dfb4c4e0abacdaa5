import { describe, expect, it } from 'vitest';
import { pool } from './pooling.ts';

describe('pool', () => {
  const hidden = Float32Array.of(3, 0, 0, 1, 8, 0);

  it('takes the mean of all tokens', () => {
    expect([...pool(hidden, 2, { pooling: 'mean', normalise: false })].map((x) => +x.toFixed(4))).toEqual([
      3.6667, 0.3333,
    ]);
  });

  it('takes the first token', () => {
    expect([...pool(hidden, 2, { pooling: 'cls', normalise: false })]).toEqual([3, 0]);
  });

  it('gives unit length, and leaves a zero vector alone', () => {
    const vector = pool(Float32Array.of(3, 4), 2, { pooling: 'mean', normalise: true });
    expect([...vector].map((x) => +x.toFixed(4))).toEqual([0.6, 0.8]);
    expect([...pool(Float32Array.of(0, 0), 2, { pooling: 'cls', normalise: true })]).toEqual([0, 0]);
  });
});
