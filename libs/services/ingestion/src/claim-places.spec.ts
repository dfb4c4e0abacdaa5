import { expect, it } from 'vitest';
import { ClaimPlaces } from './claim-places.ts';

it('lets two work at a time, in the order of their coming, whether or not they fail', async () => {
  const places = new ClaimPlaces();
  const began: number[] = [];
  const ends: (() => void)[] = [];
  const work = (n: number) =>
    places.run(async () => {
      began.push(n);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (n === 1) throw new Error('broken');
    });
  const all = Promise.allSettled([1, 2, 3, 4].map(work));
  await Promise.resolve();
  expect(began).toEqual([1, 2]);
  for (let n = 0; n < 4; n++) {
    ends.shift()!();
    await new Promise(setImmediate);
    expect(began).toEqual([1, 2, 3, 4].slice(0, 3 + n));
  }
  expect((await all).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
});
