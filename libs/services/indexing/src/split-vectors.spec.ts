import { describe, expect, it } from 'vitest';
import { splitVectors } from './split-vectors.ts';

describe('splitVectors', () => {
  it('gives each chunk its row', () => {
    const bytes = new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer);
    expect(splitVectors(bytes, 2, 3).map((row) => [...row])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it('reads rows from bytes that are not aligned to four', () => {
    const padded = new Uint8Array([0, ...new Uint8Array(new Float32Array([7, 8]).buffer)]);
    expect([...splitVectors(padded.subarray(1), 2, 1)[0]!]).toEqual([7, 8]);
  });

  it('refuses bytes that do not fit the chunks', () => {
    expect(() => splitVectors(new Uint8Array(12), 2, 2)).toThrow(/12 bytes/);
  });
});
