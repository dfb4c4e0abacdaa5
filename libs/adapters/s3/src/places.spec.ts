import { describe, expect, it } from 'vitest';
import { Places } from './places.ts';

describe('places', () => {
  it('lets no more run at a time than there are, all in order, even when some fail', async () => {
    const places = new Places(2, 10);
    const began: number[] = [];
    let running = 0;
    let most = 0;
    const task = async (n: number): Promise<number> => {
      began.push(n);
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      if (n === 1) throw new Error('one fails');
      return n;
    };
    const ended = await Promise.allSettled([0, 1, 2, 3, 4].map((n) => places.run(() => task(n))));
    expect(ended.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, true]);
    expect(began).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
  });

  it('refuses who would wait beyond the bound', async () => {
    const places = new Places(1, 1);
    const [first, second] = [places.run(() => Promise.resolve(1)), places.run(() => Promise.resolve(2))];
    await expect(places.run(() => Promise.resolve(3))).rejects.toMatchObject({ code: 'queue_full' });
    expect(await Promise.all([first, second])).toEqual([1, 2]);
    expect(await places.run(() => Promise.resolve(4))).toBe(4);
  });
});
