import { expect, it } from 'vitest';
import type { LogRecord } from '@millrace/ports';
import { Unforeseen } from './unforeseen.ts';

const record = (offset: number) => ({ topic: 'facts', partition: 0, offset }) as LogRecord;

it('gives up three at once and one every ten seconds after that, and remembers which', () => {
  let now = 0;
  const unforeseen = new Unforeseen(3, () => now);
  const givenUp = (...offsets: number[]) =>
    offsets.map((offset) => {
      const may = unforeseen.mayGiveUp();
      if (may) unforeseen.gaveUp(record(offset));
      return may;
    });
  expect(givenUp(1, 2, 3, 4)).toEqual([true, true, true, false]);
  now = 9_999;
  expect(givenUp(4)).toEqual([false]);
  now = 10_000;
  expect(givenUp(4, 5)).toEqual([true, false]);
  now = 3_600_000;
  expect(givenUp(5, 6, 7, 8)).toEqual([true, true, true, false]);
  expect([1, 4, 7, 8].map((offset) => unforeseen.has(record(offset)))).toEqual([true, true, true, false]);
});
