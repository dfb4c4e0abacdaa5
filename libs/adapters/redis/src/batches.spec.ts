import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf } from './batches.ts';

describe('batches', () => {
  it('hold everything in order, and no more than they may unless one item does', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 12 })), (sizes) => {
        const batches = [...batchesOf(sizes, { keys: 4, bytes: 10 }, (size) => size)];
        expect(batches.flat()).toEqual(sizes);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(4);
          expect(batch.length === 1 || batch.reduce((sum, size) => sum + size, 0) <= 10).toBe(true);
        }
      }),
    );
  });
});
