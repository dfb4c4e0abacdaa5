import { describe, expect, it } from 'vitest';
import { inBatches } from './batches.ts';

const sizes = async (count: number, dims: number): Promise<number[]> => {
  const found: number[] = [];
  for await (const batch of inBatches(Array.from({ length: count }), dims)) found.push(batch.length);
  return found;
};

describe('inBatches', () => {
  it('bounds the numbers and the chunks of a batch, and takes the widest one by one', async () => {
    expect(await sizes(100, 384)).toEqual([42, 42, 16]);
    expect(await sizes(100, 8)).toEqual([64, 36]);
    expect(await sizes(3, 20_000)).toEqual([1, 1, 1]);
    expect(await sizes(0, 384)).toEqual([]);
  });
});
