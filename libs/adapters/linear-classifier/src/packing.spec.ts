import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packBytes, packSparse, unpackBytes, unpackSparse } from './packing.ts';

describe('packed lists', () => {
  it('come back as they were, sparse ones', () => {
    const number = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 65_535 }));
    fc.assert(
      fc.property(fc.array(number, { maxLength: 500 }), (numbers) => {
        const list = Uint16Array.from(numbers);
        expect(unpackSparse(packSparse(list), list.length)).toEqual(list);
      }),
    );
  });

  it('come back as they were, long gaps too', () => {
    const list = new Uint16Array(40_000);
    list[39_000] = 824;
    expect(unpackSparse(packSparse(list), list.length)).toEqual(list);
  });

  it('come back as they were, numbers of any size', () => {
    const floats = Float32Array.of(1.5, -0.25, 1e-7);
    expect(new Float32Array(unpackBytes(packBytes(floats)))).toEqual(floats);
    const bytes = Int8Array.of(-128, 0, 127);
    expect(new Int8Array(unpackBytes(packBytes(bytes)))).toEqual(bytes);
  });
});
