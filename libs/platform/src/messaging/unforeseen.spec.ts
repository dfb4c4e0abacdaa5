import { expect, it } from 'vitest';
import { Unforeseen } from './unforeseen.ts';

it('gives up three at once and one every ten seconds after that', () => {
  let now = 0;
  const unforeseen = new Unforeseen(3, () => now);
  const givenUp = (times: number) => Array.from({ length: times }, () => unforeseen.mayGiveUp());
  expect(givenUp(4)).toEqual([true, true, true, false]);
  now = 9_999;
  expect(givenUp(1)).toEqual([false]);
  now = 10_000;
  expect(givenUp(2)).toEqual([true, false]);
  now = 3_600_000;
  expect(givenUp(4)).toEqual([true, true, true, false]);
});
