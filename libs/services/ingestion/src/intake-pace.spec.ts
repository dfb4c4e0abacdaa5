import { expect, it } from 'vitest';
import { IntakePace } from './intake-pace.ts';

it('lets the pushes of a tenant through one after the other, each tenant for itself', async () => {
  const due: (() => void)[] = [];
  const pace = new IntakePace(() => new Promise((resolve) => due.push(resolve)));
  const through: string[] = [];
  const turns = ['a', 'a', 'b'].map((tenant, n) =>
    pace.turn(tenant, 40).then(() => through.push(`${tenant}${n}`)),
  );
  const next = async (): Promise<void> => {
    for (const resolve of due.splice(0)) resolve();
    await new Promise(setImmediate);
  };
  await new Promise(setImmediate);
  expect(due).toHaveLength(2);
  await next();
  expect(through).toEqual(['a0', 'b2']);
  await next();
  await Promise.all(turns);
  expect(through).toEqual(['a0', 'b2', 'a1']);
});

it('refuses what would wait behind a hundred, with the seconds that they take', async () => {
  const due: (() => void)[] = [];
  const pace = new IntakePace(() => new Promise((resolve) => due.push(resolve)));
  const turns = Array.from({ length: 100 }, () => pace.turn('a', 40));
  await expect(pace.turn('a', 40)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 4 });
  const other = pace.turn('b', 40);
  await new Promise(setImmediate);
  expect(due).toHaveLength(2);
  for (const resolve of due.splice(0)) resolve();
  await Promise.all([turns[0], other]);
  const late = pace.turn('a', 40);
  for (let n = 0; n < 100; n++) {
    await new Promise(setImmediate);
    for (const resolve of due.splice(0)) resolve();
  }
  await Promise.all([...turns, late]);
});
