import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

describe('Turns', () => {
  it('lets so many run at once, the next in the order they came, whatever becomes of one', async () => {
    const turns = new Turns(2);
    const began: number[] = [];
    const ends = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
    const runs = ends.map(({ promise }, index) =>
      turns.take(async () => {
        began.push(index);
        await promise;
      }),
    );
    expect(began).toEqual([0, 1]);
    ends[1]!.reject(new Error('no'));
    await expect(runs[1]).rejects.toThrow('no');
    expect(began).toEqual([0, 1, 2]);
    for (const end of ends) end.resolve();
    await Promise.allSettled(runs);
    expect(began).toEqual([0, 1, 2, 3]);
  });
});
