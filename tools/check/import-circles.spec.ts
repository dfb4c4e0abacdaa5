import { expect, it } from 'vitest';
import { circles } from './import-circles.mjs';

it('finds no circle where there is none', () => {
  expect(
    circles(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['c']],
        ['c', []],
      ]),
    ),
  ).toEqual([]);
});

it('names the files along a circle', () => {
  expect(
    circles(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
  ).toEqual([['b', 'c', 'b']]);
});

it('finds a file that imports itself, and each of two circles', () => {
  expect(
    circles(
      new Map([
        ['a', ['a', 'b']],
        ['b', ['a']],
      ]),
    ),
  ).toEqual([
    ['a', 'a'],
    ['a', 'b', 'a'],
  ]);
});
