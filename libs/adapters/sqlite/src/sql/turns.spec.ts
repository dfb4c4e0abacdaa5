import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

describe('turns', () => {
  it('are given one at a time, in the order of asking', async () => {
    const turns = new Turns(10);
    const order: number[] = [];
    let holders = 0;
    const hold = async (n: number): Promise<void> => {
      await turns.take();
      expect(++holders).toBe(1);
      order.push(n);
      await Promise.resolve();
      holders--;
      turns.give();
    };
    await Promise.all([1, 2, 3, 4].map(hold));
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('are refused when too many wait, and given again afterwards', async () => {
    const turns = new Turns(1);
    await turns.take();
    const second = turns.take();
    await expect(turns.take()).rejects.toMatchObject({ code: 'queue_full', retryAfter: 1 });
    turns.give();
    await second;
    turns.give();
    await turns.take();
  });
});
