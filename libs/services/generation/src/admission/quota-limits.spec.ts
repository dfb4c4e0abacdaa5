import { quota, toMillionths } from '@millrace/contracts';
import { expect, it } from 'vitest';
import { limitName, limitsIn } from './quota-limits.ts';

it('each field of a quota is a limit of its name, and money is counted in millionths', () => {
  const fields = Object.keys(quota.shape);
  const limits = limitsIn(Object.fromEntries(fields.map((field) => [field, 2])));
  expect(limits.map(limitName).sort()).toEqual(fields.sort());
  for (const limit of limits) expect(limit.max).toBe(limit.measure === 'spend' ? 2_000_000 : 2);
  expect(limitsIn({})).toEqual([]);
});

it.each([0.1, 0.29, 4.35, 999_999_999.999999])('%d is a whole number of millionths', (amount) => {
  expect(toMillionths(amount)).toBe(Number((amount * 1e6).toFixed(0)));
  expect(quota.safeParse({ spend_per_day: amount }).success).toBe(true);
});

it('money finer than that is refused', () => {
  expect(quota.safeParse({ spend_per_day: 0.000_000_5 }).success).toBe(false);
});
